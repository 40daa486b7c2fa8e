// Pending and blocking.
#include <atomic>

#include "probes/connection.h"
#include "probes/families.h"
#include "probes/later.h"
#include "probes/operation.h"
#include "probes/stopwatch.h"

namespace oversoak::probes {
namespace {

// How long the blocking call is made to wait.
constexpr DWORD kBlockMs = 100;

// The bytes are sent by this same thread, after the call: only a call that did not wait for them
// can have come back before.
void overlapped_receive(const Calls& calls, Findings& findings) {
  Connection connection;
  Operation operation(64);
  const Stopwatch call;
  const DWORD error = operation.receive(calls, connection.ours.get());
  findings.figure("overlappedCallUs", call.us());
  findings.figure("overlappedCallError", error);
  const bool pends = error == WSA_IO_PENDING && !operation.completed();
  findings.expect(pends, "the overlapped call returns WSA_IO_PENDING and leaves a receive");
  connection.send_from_peer("x", 1);
  const bool completed = operation.completed_within(kPatienceMs) && operation.bytes() == 1;
  findings.figure("completedAfterData", completed);
  findings.expect(completed, "the pending receive completes when data comes");
}

void blocking_receive(const Calls& calls, Findings& findings) {
  Connection connection;
  std::atomic<bool> sent{false};
  const Later data(kBlockMs, [&] {
    sent = true;
    ::send(connection.peer.get(), "x", 1, 0);
  });
  char byte = 0;
  if (sent) too_late();
  const Stopwatch call;
  const int received = calls.recv(connection.ours.get(), &byte, 1, 0);
  findings.figure("blockingCallMs", call.ms());
  // It began before there was data and came back with it.
  findings.expect(received == 1, "the blocking call waits for the data");
}

void receive_pends(const Calls& calls, Findings& findings) {
  overlapped_receive(calls, findings);
  blocking_receive(calls, findings);
}

// Opposite: the overlapped call waits for data.
int PASCAL receive_blocking(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD, LPDWORD flags,
                            LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  DWORD bytes = 0;
  return ::WSARecv(socket, buffers, count, &bytes, flags, nullptr, nullptr);
}

constexpr Probe kProbes[] = {
    {"overlapped-receive-pends", receive_pends,
     [](Calls& calls) { calls.WSARecv = receive_blocking; }},
};

}  // namespace

Probes pending_probes() { return kProbes; }

}  // namespace oversoak::probes
