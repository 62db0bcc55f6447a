// Was each message delivered to each member once and in order? Each sender of a room numbers its messages 1, 2, 3, …

/** One room of one run. Receivers and senders are places 0, 1, 2, … */
export class Verifier {
  readonly #senders: number;
  readonly #receivers: number;
  readonly #gapless: boolean;
  /** The highest counter that a receiver has of a sender. */
  readonly #last: Int32Array;
  readonly #lastSeq: Float64Array;
  /** What was passed over and may still come: `receiver/sender/counter`. */
  readonly #missing = new Set<string>();
  readonly #acknowledged: Int32Array;
  doubled = 0;
  reordered = 0;
  gaps = 0;

  /** `gapless`: the server numbers the messages of a conversation 1, 2, 3, … too. */
  constructor(receivers: number, senders: number, gapless: boolean) {
    this.#gapless = gapless;
    this.#receivers = receivers;
    this.#senders = senders;
    this.#last = new Int32Array(receivers * senders);
    this.#lastSeq = new Float64Array(receivers);
    this.#acknowledged = new Int32Array(senders);
  }

  /** `counter` is the sender's own number of the message, `seq` the server's; it counts only where it has no gaps. */
  delivered(receiver: number, sender: number, counter: number, seq: number): void {
    if (this.#gapless) {
      const last = this.#lastSeq[receiver]!;
      if (last !== 0 && seq !== last + 1) this.gaps++;
      this.#lastSeq[receiver] = Math.max(seq, last);
    }
    const place = receiver * this.#senders + sender;
    const last = this.#last[place]!;
    if (counter === last + 1) {
      this.#last[place] = counter;
    } else if (counter > last) {
      for (let skipped = last + 1; skipped < counter; skipped++) this.#missing.add(`${place}/${skipped}`);
      this.#last[place] = counter;
    } else if (this.#missing.delete(`${place}/${counter}`)) {
      this.reordered++;
    } else {
      this.doubled++;
    }
  }

  /** The sender was told that its message is kept: from now on every member is owed it. */
  acknowledged(sender: number, counter: number): void {
    this.#acknowledged[sender] = Math.max(this.#acknowledged[sender]!, counter);
  }

  /** The highest counter of the sender that was acknowledged. */
  acknowledgedBy(sender: number): number {
    return this.#acknowledged[sender]!;
  }

  /** Deliveries of acknowledged messages that have not come. */
  get lost(): number {
    let lost = this.#missing.size;
    for (let receiver = 0; receiver < this.#receivers; receiver++) {
      for (let sender = 0; sender < this.#senders; sender++) {
        lost += Math.max(0, this.#acknowledged[sender]! - this.#last[receiver * this.#senders + sender]!);
      }
    }
    return lost;
  }
}
