import { useEffect, useState } from 'preact/hooks';

/** The parts of the address behind `#/`: pages are found without asking the control plane. */
export function useRoute(): string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const take = () => setHash(location.hash);
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  return hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
}
