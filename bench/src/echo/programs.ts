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

/** `target`: one of the folder's programs; without, all. */
function build(name: string, options: readonly string[], target = 'all'): void {
  const to = `${folder}build/${name}`;
  const common = ['-S', `${folder}native`, '-B', to, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release'];
  execFileSync('cmake', [...common, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
  const command = ['--build', to, '--target', target];
  execFileSync('cmake', command, { stdio: ['ignore', 'ignore', 'inherit'] });
}

const linuxProgram = (name: string) => `${folder}build/linux/${name}`;

/**
 * The client, a Linux program outside Wine, so that its own cost is small compared with the
 * servers'.
 */
export function buildEchoClient(): string {
  build('linux', [], 'echo_client');
  return linuxProgram('echo_client');
}

/** The asio peer, a Windows program. */
export function buildAsioEcho(): string {
  build('windows', [`-DCMAKE_TOOLCHAIN_FILE=${toolchain}`]);
  return `${folder}build/windows/asio_echo.exe`;
}

/** The client, the peers, and the product's server and fleet without Node. */
export interface LinuxPrograms {
  echoClient: string;
  asioEcho: string;
  bareEcho: string;
  oversoakEcho: string;
  fleet: string;
  /** The fleet with waits of whole milliseconds. */
  fleetOfMilliseconds: string;
}

export function buildLinuxPrograms(): LinuxPrograms {
  build('linux', []);
  return {
    echoClient: linuxProgram('echo_client'),
    asioEcho: linuxProgram('asio_echo'),
    bareEcho: linuxProgram('bare_echo'),
    oversoakEcho: linuxProgram('oversoak_echo'),
    fleet: linuxProgram('fleet'),
    fleetOfMilliseconds: linuxProgram('fleet_of_milliseconds'),
  };
}
