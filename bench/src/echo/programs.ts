// Builds the programs of the benchmark beside the addon; CMake skips what has not changed.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = import.meta.url.replace('/dist/src/', '/src/');
const folder = fileURLToPath(new URL('../../', here));
const toolchain = fileURLToPath(
  new URL(
    '../../../native-server/cmake/mingw-w64.cmake',
    import.meta.url.replace('/dist/src/', '/src/'),
  ),
);

function build(name: string, options: readonly string[]): void {
  const to = `${folder}build/${name}`;
  const common = ['-S', `${folder}native`, '-B', to, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release'];
  execFileSync('cmake', [...common, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('cmake', ['--build', to], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * The client, a Linux program outside Wine, so that its own cost is small compared with the
 * servers'.
 */
export function buildEchoClient(): string {
  build('linux', []);
  return `${folder}build/linux/echo_client`;
}

/** The asio peer, a Windows program. */
export function buildAsioEcho(): string {
  build('windows', [`-DCMAKE_TOOLCHAIN_FILE=${toolchain}`]);
  return `${folder}build/windows/asio_echo.exe`;
}
