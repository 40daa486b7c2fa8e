// Operations that complete within their call, and how their completion is reported.
#include "io/sockets.h"
#include "probes/connection.h"
#include "probes/families.h"
#include "probes/operation.h"

namespace oversoak::probes {
namespace {

constexpr DWORD kNothingComesMs = 100;

// Issues a receive whose data is there already.
void receive_at_once(const Calls& calls, Findings& findings, Connection& connection,
                     Operation& operation, Operation::Routine routine = Operation::Routine::none) {
  connection.send_from_peer("four", 4);
  if (!readable(connection.ours.get(), kPatienceMs)) throw Inconclusive("the data did not come");
  const DWORD error = operation.receive(calls, connection.ours.get(), routine);
  findings.figure("callError", error);
  // The claims are about operations that do; the system does not promise that this one does.
  if (error == WSA_IO_PENDING)
    throw Inconclusive("the receive of what was there did not complete at once");
  findings.expect(error == 0, "a receive whose data is there completes at once");
}

void signals_event(const Calls& calls, Findings& findings) {
  Connection connection;
  const Event event;
  Operation operation(64, event.get());
  receive_at_once(calls, findings, connection, operation);
  const bool signalled = event.wait(kPatienceMs);
  findings.figure("signalled", signalled);
  findings.expect(signalled, "its event is signalled all the same");
}

void queues_routine(const Calls& calls, Findings& findings) {
  Connection connection;
  Operation operation(64);
  receive_at_once(calls, findings, connection, operation, Operation::Routine::noted);
  const bool waits = !operation.routine_ran_on();
  findings.figure("ranInCall", !waits);
  findings.expect(waits, "the routine does not run within the call");
  calls.SleepEx(kPatienceMs, TRUE);
  const bool ran = operation.routine_ran_on().has_value();
  findings.figure("ranInWait", ran);
  findings.expect(ran, "the routine is queued all the same");
}

void posts_completion(const Calls& calls, Findings& findings) {
  Connection connection;
  Port port;
  port.associate(connection.ours.handle());
  Operation operation(64);
  receive_at_once(calls, findings, connection, operation);
  const auto packet = port.take(calls, kPatienceMs);
  const bool posted = packet && packet->overlapped == &operation.overlapped();
  findings.figure("packets", posted);
  findings.figure("packetBytes", packet ? packet->bytes : 0);
  findings.expect(posted && packet->bytes == 4, "its completion is posted all the same");
}

void skip_on_success(const Calls& calls, Findings& findings) {
  Connection connection;
  Port port;
  port.associate(connection.ours.handle());
  if (!calls.SetFileCompletionNotificationModes(connection.ours.handle(),
                                                FILE_SKIP_COMPLETION_PORT_ON_SUCCESS)) {
    throw Unsupported("SetFileCompletionNotificationModes failed: " +
                      io::Error(GetLastError()).describe());
  }
  Operation at_once(64);
  receive_at_once(calls, findings, connection, at_once);
  const bool skipped = !port.take(calls, kNothingComesMs);
  findings.figure("packetsOfAtOnce", !skipped);
  findings.expect(skipped, "no packet comes of a receive that completed at once");
  Operation pending(64);
  const DWORD error = pending.receive(calls, connection.ours.get());
  connection.send_from_peer("four", 4);
  const auto packet = port.take(calls, kPatienceMs);
  const bool posted = packet && packet->overlapped == &pending.overlapped();
  findings.figure("packetsOfPending", posted);
  findings.expect(error == WSA_IO_PENDING && posted, "a receive that was pending posts its packet");
}

// Opposite of the first three: it receives available data at once and reports nothing.
int PASCAL receive_unreported(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD, LPDWORD flags,
                              LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  DWORD bytes = 0;
  const int result = ::WSARecv(socket, buffers, count, &bytes, flags, nullptr, nullptr);
  overlapped->InternalHigh = bytes;
  return result;
}

void report_nothing(Calls& calls) {
  calls.WSARecv = receive_unreported;
  // Or the wait for a routine that does not come would last.
  calls.SleepEx = [](DWORD, BOOL) -> DWORD { return 0; };
}

constexpr Probe kProbes[] = {
    {"at-once-signals-event", signals_event, report_nothing},
    {"at-once-queues-routine", queues_routine, report_nothing},
    {"at-once-posts-completion", posts_completion, report_nothing},
    {"skip-on-success-posts-none", skip_on_success,
     [](Calls& calls) {
       calls.SetFileCompletionNotificationModes = [](HANDLE, UCHAR) -> BOOL { return TRUE; };
     }},
};

}  // namespace

Probes at_once_probes() { return kProbes; }

}  // namespace oversoak::probes
