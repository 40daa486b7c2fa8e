import { InvalidArgumentError, Option } from 'commander';

/** For commands that start a private cluster. */
export function otlpOption(): Option {
  return new Option(
    '--otlp <url>',
    'send traces and metrics to this OTLP/HTTP receiver, e.g. http://127.0.0.1:4318',
  ).argParser(readUrl);
}

function readUrl(text: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : null;
  if (protocol === 'http:' || protocol === 'https:') return text;
  throw new InvalidArgumentError('expected an http:// or https:// URL, e.g. http://127.0.0.1:4318');
}
