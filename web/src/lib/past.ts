// SPDX-License-Identifier: GPL-3.0-or-later
const kAgainAfter = 5000; // ms from a question that failed to the next

// Asks for what a series lacks, until it is answered. What fails is asked again a while later.
export class Past<Answer> {
  private isLacking = false;
  private isAsking = false;
  private askableFrom = Number.NEGATIVE_INFINITY;
  private epoch = 0;

  constructor(private readonly ask: () => Promise<Answer>, private readonly take: (answer: Answer) => void, private readonly now = (): number => performance.now()) {}

  // Of another series from now on: an answer on its way is not for it.
  begin(): void {
    this.epoch += 1;
    this.isAsking = false;
    this.askableFrom = Number.NEGATIVE_INFINITY;
    this.isLacking = true;
  }

  // Seconds are missing. An answer that is on its way may not have them.
  lack(): void {
    this.isLacking = true;
  }

  // To be called with each answer of the stream. Never fails.
  async fetch(): Promise<void> {
    if (!this.isLacking || this.isAsking || this.now() < this.askableFrom) return;
    const mine = this.epoch;
    this.isAsking = true;
    this.isLacking = false;
    try {
      const answer = await this.ask();
      if (mine === this.epoch) this.take(answer);
    } catch {
      if (mine !== this.epoch) return;
      this.isLacking = true;
      this.askableFrom = this.now() + kAgainAfter;
    } finally {
      if (mine === this.epoch) this.isAsking = false;
    }
  }
}
