// Whose time a system call takes.
#include <vector>

#include "io/sockets.h"
#include "probes/connection.h"
#include "probes/families.h"
#include "probes/later.h"
#include "probes/stopwatch.h"
#include "probes/temporary_file.h"

namespace oversoak::probes {
namespace {

struct ThreadCpu {
  double user_ms = 0;
  double kernel_ms = 0;
};

double milliseconds(const FILETIME& time) noexcept {
  ULARGE_INTEGER ticks;
  ticks.LowPart = time.dwLowDateTime;
  ticks.HighPart = time.dwHighDateTime;
  return static_cast<double>(ticks.QuadPart) * 1e-4;
}

ThreadCpu this_threads_cpu() {
  FILETIME created, exited, kernel, user;
  if (!GetThreadTimes(GetCurrentThread(), &created, &exited, &kernel, &user)) {
    throw Inconclusive("GetThreadTimes failed: " + io::Error(GetLastError()).describe());
  }
  return {milliseconds(user), milliseconds(kernel)};
}

// Many clock ticks (15.6 ms on Windows, 10 ms on Linux), so that the account is worth something.
constexpr double kEnoughKernelMs = 100;
constexpr double kMaxBusyMs = 4000;
constexpr int kCallsAtATime = 16;

// Reads what is in the file cache: work for the kernel, nothing to wait for.
void busy_calls(const Calls& calls, Findings& findings) {
  constexpr DWORD kBytes = 64 * 1024;
  TemporaryFile file(0);
  file.resize(kBytes);
  std::vector<char> into(kBytes);
  const ThreadCpu before = this_threads_cpu();
  const Stopwatch watch;
  std::size_t made = 0;
  ThreadCpu now = before;
  while (now.kernel_ms - before.kernel_ms < kEnoughKernelMs && watch.ms() < kMaxBusyMs) {
    for (int i = 0; i < kCallsAtATime; ++i, ++made) {
      OVERLAPPED start{};
      DWORD bytes = 0;
      if (!calls.ReadFile(file.get(), into.data(), kBytes, &bytes, &start)) {
        throw Inconclusive("ReadFile failed: " + io::Error(GetLastError()).describe());
      }
    }
    now = this_threads_cpu();
  }
  findings.figure("busyCalls", made);
  findings.figure("busyMs", watch.ms());
  findings.figure("busyKernelMs", now.kernel_ms - before.kernel_ms);
  findings.figure("busyUserMs", now.user_ms - before.user_ms);
  findings.expect(now.kernel_ms - before.kernel_ms >= kEnoughKernelMs,
                  "busy calls burn the calling thread's kernel time");
}

void blocked_call(const Calls& calls, Findings& findings) {
  constexpr DWORD kBlockMs = 400;
  Connection connection;
  const Later data(kBlockMs, [&] { ::send(connection.peer.get(), "x", 1, 0); });
  const ThreadCpu before = this_threads_cpu();
  const Stopwatch call;
  char byte = 0;
  if (calls.recv(connection.ours.get(), &byte, 1, 0) != 1) cannot("recv");
  const double call_ms = call.ms();
  const ThreadCpu after = this_threads_cpu();
  const double burnt_ms = after.user_ms - before.user_ms + after.kernel_ms - before.kernel_ms;
  findings.figure("blockedMs", call_ms);
  findings.figure("blockedCpuMs", burnt_ms);
  // A tick or two may be booked to a thread that hardly ran.
  findings.expect(burnt_ms <= call_ms / 10, "a blocked call burns no CPU time");
}

void system_calls(const Calls& calls, Findings& findings) {
  busy_calls(calls, findings);
  blocked_call(calls, findings);
}

// Opposite: as if another thread did the work and this one waited.
BOOL WINAPI read_elsewhere(HANDLE, LPVOID, DWORD size, LPDWORD bytes, LPOVERLAPPED) {
  Sleep(1);
  *bytes = size;
  return TRUE;
}

constexpr Probe kProbes[] = {
    {"system-call-is-the-callers", system_calls,
     [](Calls& calls) { calls.ReadFile = read_elsewhere; }},
};

}  // namespace

Probes callers_thread_probes() { return kProbes; }

}  // namespace oversoak::probes
