/** What is used of jstat, which has no types of its own. */
declare module 'jstat' {
  interface JStat {
    beta: {
      cdf(x: number, alpha: number, beta: number): number;
      inv(probability: number, alpha: number, beta: number): number;
    };
    normal: { cdf(x: number, mean: number, deviation: number): number };
    models: {
      /** Least squares: a row of the regressors' values for each value. */
      ols(values: readonly number[], regressors: readonly (readonly number[])[]): LeastSquares;
    };
    studentt: {
      /** The quantile of `p`, 0 to 1, at `df` degrees of freedom, which need not be whole. */
      inv(p: number, df: number): number;
      cdf(t: number, df: number): number;
    };
    /** The F distribution. */
    centralF: { inv(p: number, df1: number, df2: number): number };
  }
  interface LeastSquares {
    coef: number[];
    resid: number[];
    /** Standard errors of the coefficients, for residuals that do not hang together. */
    t: { se: number[] };
  }
  const jStat: JStat;
  export default jStat;
}
