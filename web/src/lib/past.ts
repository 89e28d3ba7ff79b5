// SPDX-License-Identifier: GPL-3.0-or-later
const kAgainAfter = 5000; // ms from a question that failed or is not answered to the next

// Asks for what a series lacks, until it is answered. What fails is asked again a while later.
export class Past<Answer> {
  private isLacking = false;
  private isAsking = false;
  private askedAt = 0;
  private askableFrom = Number.NEGATIVE_INFINITY;
  private epoch = 0;

  constructor(private readonly ask: () => Promise<Answer>, private readonly take: (answer: Answer) => void, private readonly now = (): number => performance.now()) {}

  // Of another series from now on: an answer on its way is not for it.
  begin(): void {
    this.giveUp();
    this.askableFrom = Number.NEGATIVE_INFINITY;
    this.isLacking = true;
  }

  // Seconds are missing. An answer that is on its way may not have them, and one that is long on its way may never come.
  lack(): void {
    if (this.now() - this.askedAt >= kAgainAfter) this.giveUp();
    this.isLacking = true;
  }

  // To be called with each answer of the stream. Never fails.
  async fetch(): Promise<void> {
    if (!this.isLacking || this.isAsking || this.now() < this.askableFrom) return;
    const mine = this.epoch;
    this.isAsking = true;
    this.askedAt = this.now();
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

  private giveUp(): void {
    this.epoch += 1;
    this.isAsking = false;
  }
}
