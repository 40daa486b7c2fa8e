// When the number of bytes is known.
#include <atomic>

#include "probes/connection.h"
#include "probes/families.h"
#include "probes/later.h"
#include "probes/operation.h"
#include "probes/stopwatch.h"

namespace oversoak::probes {
namespace {

constexpr DWORD kDataAfterMs = 100;

void byte_count(const Calls& calls, Findings& findings) {
  Connection connection;
  const Event event;
  Operation operation(64, event.get());
  const SOCKET socket = connection.ours.get();
  DWORD bytes_of_call = 0;
  operation.issue(connection.ours.handle(), [&](LPWSAOVERLAPPED overlapped) {
    WSABUF buffer{static_cast<ULONG>(operation.memory().size()), operation.memory().data()};
    DWORD flags = 0;
    return calls.WSARecv(socket, &buffer, 1, &bytes_of_call, &flags, overlapped, nullptr) == 0;
  });
  findings.figure("callBytes", bytes_of_call);

  DWORD bytes = 0;
  DWORD flags = 0;
  const bool early =
      calls.WSAGetOverlappedResult(socket, &operation.overlapped(), &bytes, FALSE, &flags) != FALSE;
  const DWORD early_error = early ? 0 : static_cast<DWORD>(WSAGetLastError());
  findings.figure("earlyError", early_error);
  findings.expect(!early && early_error == WSA_IO_INCOMPLETE,
                  "before completion a result that is not waited for is WSA_IO_INCOMPLETE");

  // Compares the order of events, not their times, which depend on how busy the machine is.
  std::atomic<bool> sent{false};
  const Later data(kDataAfterMs, [&] {
    sent = true;
    ::send(connection.peer.get(), "hello", 5, 0);
  });
  // The wait that follows has no bound of its own.
  const Later bound(kPatienceMs, [&] { ::CancelIoEx(connection.ours.handle(), nullptr); });
  if (sent) too_late();
  const Stopwatch wait;
  const bool late =
      calls.WSAGetOverlappedResult(socket, &operation.overlapped(), &bytes, TRUE, &flags) != FALSE;
  const double wait_ms = wait.ms();
  const bool with_data = sent;
  findings.figure("waitMs", wait_ms);
  findings.figure("lateBytes", late ? bytes : 0);
  findings.expect(late && with_data, "a result that is waited for comes with the data");
  findings.expect(late && bytes == 5, "then it has the number of bytes");
}

// Opposite: a result is had at any time.
BOOL PASCAL result_at_any_time(SOCKET, LPWSAOVERLAPPED, LPDWORD bytes, BOOL, LPDWORD) {
  *bytes = 0;
  return TRUE;
}

constexpr Probe kProbes[] = {
    {"byte-count-needs-completion", byte_count,
     [](Calls& calls) { calls.WSAGetOverlappedResult = result_at_any_time; }},
};

}  // namespace

Probes byte_count_probes() { return kProbes; }

}  // namespace oversoak::probes
