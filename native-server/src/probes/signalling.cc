// Events and routines: which of the two reports a completion, and how long an event stays
// signalled.
#include "probes/connection.h"
#include "probes/families.h"
#include "probes/operation.h"

namespace oversoak::probes {
namespace {

void routine_beats_event(const Calls& calls, Findings& findings) {
  Connection connection;
  const Event event;
  Operation operation(64, event.get());
  const DWORD error = operation.receive(calls, connection.ours.get(), Operation::Routine::noted);
  findings.expect(error == WSA_IO_PENDING, "the receive is taken with both");
  connection.send_from_peer("x", 1);
  ::SleepEx(kPatienceMs, TRUE);
  const bool ran = operation.routine_ran_on().has_value();
  findings.figure("routineRan", ran);
  findings.figure("eventSignalled", event.wait(0));
  findings.expect(ran, "the routine runs");
}

// Opposite: the event is taken and the routine ignored.
int PASCAL receive_by_event(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD bytes,
                            LPDWORD flags, LPWSAOVERLAPPED overlapped,
                            LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  return ::WSARecv(socket, buffers, count, bytes, flags, overlapped, nullptr);
}

void event_stays_signalled(const Calls& calls, Findings& findings) {
  const WSAEVENT event = calls.WSACreateEvent();
  if (event == WSA_INVALID_EVENT) cannot("WSACreateEvent");
  const auto signalled = [&] {
    return calls.WSAWaitForMultipleEvents(1, &event, FALSE, 0, FALSE) == WSA_WAIT_EVENT_0;
  };
  const bool at_first = signalled();
  WSASetEvent(event);
  const bool first_wait = signalled();
  const bool second_wait = signalled();
  WSAResetEvent(event);
  const bool after_reset = signalled();
  WSACloseEvent(event);
  findings.figure("signalledAtFirst", at_first);
  findings.figure("signalledInFirstWait", first_wait);
  findings.figure("signalledInSecondWait", second_wait);
  findings.figure("signalledAfterReset", after_reset);
  findings.expect(!at_first && first_wait, "a new event is not signalled until it is set");
  findings.expect(second_wait, "it is still signalled after a wait");
  findings.expect(!after_reset, "it is not signalled after WSAResetEvent");
}

constexpr Probe kProbes[] = {
    {"routine-beats-event", routine_beats_event,
     [](Calls& calls) { calls.WSARecv = receive_by_event; }},
    {"socket-event-stays-signalled", event_stays_signalled,
     // Opposite: an event that resets itself.
     [](Calls& calls) {
       calls.WSACreateEvent = []() -> WSAEVENT {
         return CreateEventW(nullptr, FALSE, FALSE, nullptr);
       };
     }},
};

}  // namespace

Probes signalling_probes() { return kProbes; }

}  // namespace oversoak::probes
