export function submittedText(soakId: string, runs: number): string {
  return `Submitted ${soakId}: ${runs === 1 ? '1 run' : `${runs} runs`}.`;
}
