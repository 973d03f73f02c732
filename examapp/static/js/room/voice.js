// Says politely who went offline and who waits to be admitted; many at once in one number.

const MOST_NAMES = 3;

export class Voice {
  constructor(region, texts, fill) {
    Object.assign(this, { region, texts, fill, before: null });
  }

  tell(seats) {
    const states = new Map(seats.map((seat) => [seat.code, seat.state]));
    if (this.before) {
      const became = (state) => seats.filter((seat) => seat.state === state && this.before.get(seat.code) !== state);
      const sentences = [
        ...this.sentences(became("offline"), this.texts.wentOffline, this.texts.manyWentOffline),
        ...this.sentences(became("waiting"), this.texts.waits, this.texts.manyWait),
      ];
      if (sentences.length) this.region.textContent = sentences.join(" ");
    }
    this.before = states;
  }

  sentences(seats, one, many) {
    if (seats.length > MOST_NAMES) return [this.fill(many, { n: seats.length })];
    return seats.map(({ name }) => this.fill(one, { name }));
  }
}
