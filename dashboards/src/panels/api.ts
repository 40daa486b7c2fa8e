import { by, legend, quantile, rate, series } from '../query/promql.ts';
import { type Panel, PER_SECOND, promQuery, timeSeries } from './panel.ts';

const ROUTE = ['http.request.method', 'http.route'] as const;
const REQUESTS = series('http.server.request.duration');

/** Requests to the API. */
export function requests(): Panel {
  return timeSeries({
    title: 'Requests to the API',
    description:
      'Requests per second by status, except event streams, which last as long as a client watches. 4xx: refused requests. 5xx: faults of the control plane; investigate each one.',
    unit: PER_SECOND('requests'),
  }).withTarget(
    promQuery(
      `histogram_count(sum ${by('http.response.status_code')} (${rate(REQUESTS)}))`,
      legend('http.response.status_code'),
    ),
  );
}

/** The duration of requests. */
export function requestDuration(): Panel {
  return timeSeries({
    title: 'Duration of requests, p95',
    description:
      'The 95th percentile of the response time, by route. Comparisons and exports read whole results and may be slow; everything else should answer in milliseconds.',
    unit: 's',
  }).withTarget(
    promQuery(quantile(0.95, `sum ${by(...ROUTE)} (${rate(REQUESTS)})`), legend(...ROUTE)),
  );
}
