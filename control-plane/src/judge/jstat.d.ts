/** The part of jStat (1.9, which ships no types) that verdicts use. */
declare module 'jstat' {
  interface JStat {
    normal: { cdf(x: number, mean: number, deviation: number): number };
    beta: { inv(probability: number, alpha: number, beta: number): number };
  }
  const module: { jStat: JStat };
  export default module;
}
