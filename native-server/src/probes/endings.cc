// What happens to an outstanding operation when its socket is closed, when it is cancelled, and
// when the thread that issued it ends. The probe keeps the memory, filled with a canary, so that a
// write after the end is detected and harmless.
#include <algorithm>
#include <thread>

#include "probes/connection.h"
#include "probes/families.h"
#include "probes/operation.h"

namespace oversoak::probes {
namespace {

constexpr char kCanary = '\x5A';
constexpr std::size_t kBytes = 64;
constexpr DWORD kNothingComesMs = 100;

void fill(Operation& operation) {
  std::fill(operation.memory().begin(), operation.memory().end(), kCanary);
}

bool untouched(Operation& operation) {
  return std::all_of(operation.memory().begin(), operation.memory().end(),
                     [](char byte) { return byte == kCanary; });
}

// A receive for which data comes only after its end.
struct Outstanding {
  Outstanding() {
    port.associate(connection.ours.handle());
    fill(operation);
  }

  void issue(const Calls& calls, Findings& findings) {
    const DWORD error = operation.receive(calls, connection.ours.get());
    findings.expect(error == WSA_IO_PENDING, "the receive is outstanding");
  }

  Connection connection;
  Port port;
  Operation operation{kBytes};  // ends first
};

// Takes the one packet, then sends and sees that nothing is written any more.
void look_at_end(const Calls& calls, Findings& findings, Outstanding& outstanding) {
  const auto packet = outstanding.port.take(calls, kPatienceMs);
  const bool ours = packet && packet->overlapped == &outstanding.operation.overlapped();
  findings.figure("packets", ours);
  findings.figure("packetError", packet ? std::optional<double>(packet->error) : std::nullopt);
  findings.expect(ours && packet->error != 0, "the operation completes, with an error");
  // To a closed socket this may fail, and should.
  ::send(outstanding.connection.peer.get(), "late", 4, 0);
  const bool again = outstanding.port.take(calls, kNothingComesMs).has_value();
  findings.figure("packetsAfterwards", again);
  findings.figure("bufferTouched", !untouched(outstanding.operation));
  findings.expect(!again && untouched(outstanding.operation), "nothing is touched afterwards");
}

void close_ends(const Calls& calls, Findings& findings) {
  Outstanding outstanding;
  outstanding.issue(calls, findings);
  if (calls.closesocket(outstanding.connection.ours.release()) != 0) cannot("closesocket");
  look_at_end(calls, findings, outstanding);
}

void cancel_ends(const Calls& calls, Findings& findings) {
  Outstanding outstanding;
  outstanding.issue(calls, findings);
  const BOOL cancelled =
      calls.CancelIoEx(outstanding.connection.ours.handle(), &outstanding.operation.overlapped());
  findings.figure("cancelResult", cancelled);
  look_at_end(calls, findings, outstanding);
  // Only the operation has ended, not the connection: the data waits for the next receive.
  const bool alive = readable(outstanding.connection.ours.get(), kPatienceMs);
  findings.figure("connectionLives", alive);
  findings.expect(alive, "the connection lives on");
}

// By an event: the documented case.
void exit_ends_event(const Calls& calls, Findings& findings) {
  constexpr const char* kRow = "by event";
  Connection connection;
  const Event event;
  Operation operation(kBytes, event.get());
  fill(operation);
  // Issued by a thread that ends; all else is the probe's own thread's.
  std::thread([&] { operation.receive(calls, connection.ours.get()); }).join();
  event.wait(kPatienceMs / 4);
  DWORD bytes = 0;
  DWORD flags = 0;
  const bool result = calls.WSAGetOverlappedResult(connection.ours.get(), &operation.overlapped(),
                                                   &bytes, FALSE, &flags) != FALSE;
  const DWORD error = result ? 0 : static_cast<DWORD>(WSAGetLastError());
  ::send(connection.peer.get(), "late", 4, 0);
  Sleep(kNothingComesMs);
  findings.figure(kRow, "error", error);
  findings.figure(kRow, "bufferTouched", !untouched(operation));
  findings.expect(error == WSA_OPERATION_ABORTED, "the thread's exit aborts what it issued");
  findings.expect(error != WSA_OPERATION_ABORTED || untouched(operation),
                  "nothing is touched afterwards");
}

// By a port: shown beside, nothing is expected. (The packet needs no thread that issued.)
void exit_and_port(const Calls& calls, Findings& findings) {
  constexpr const char* kRow = "by port";
  Outstanding outstanding;
  std::thread([&] { outstanding.issue(calls, findings); }).join();
  const auto packet = outstanding.port.take(calls, kPatienceMs / 4);
  ::send(outstanding.connection.peer.get(), "late", 4, 0);
  outstanding.port.take(calls, kNothingComesMs);
  findings.figure(kRow, "error", packet ? packet->error : DWORD{WSA_IO_INCOMPLETE});
  findings.figure(kRow, "bufferTouched", !untouched(outstanding.operation));
}

void thread_exit_ends(const Calls& calls, Findings& findings) {
  exit_ends_event(calls, findings);
  exit_and_port(calls, findings);
}

// Opposite of a close: nothing comes of it.
BOOL WINAPI take_nothing(HANDLE, LPDWORD, PULONG_PTR, LPOVERLAPPED* overlapped, DWORD) {
  *overlapped = nullptr;
  SetLastError(WAIT_TIMEOUT);
  return FALSE;
}

// Opposite of an exit: what the thread issued is still outstanding.
BOOL PASCAL result_outstanding(SOCKET, LPWSAOVERLAPPED, LPDWORD, BOOL, LPDWORD) {
  WSASetLastError(WSA_IO_INCOMPLETE);
  return FALSE;
}

constexpr Probe kProbes[] = {
    {"close-ends-operations", close_ends,
     [](Calls& calls) { calls.GetQueuedCompletionStatus = take_nothing; }},
    {"cancel-ends-operations", cancel_ends,
     // Opposite: the cancel is only said to be.
     [](Calls& calls) { calls.CancelIoEx = [](HANDLE, LPOVERLAPPED) -> BOOL { return TRUE; }; }},
    {"thread-exit-ends-operations", thread_exit_ends,
     [](Calls& calls) { calls.WSAGetOverlappedResult = result_outstanding; }},
};

}  // namespace

Probes ending_probes() { return kProbes; }

}  // namespace oversoak::probes
