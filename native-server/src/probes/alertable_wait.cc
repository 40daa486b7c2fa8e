// Completion routines: where and when they run, and what the wait says then.
#include <thread>

#include "probes/connection.h"
#include "probes/families.h"
#include "probes/operation.h"

namespace oversoak::probes {
namespace {

constexpr DWORD kNothingRunsMs = 60;

void needs_alertable_wait(const Calls& calls, Findings& findings) {
  Connection connection;
  Operation operation(64);
  const DWORD error = operation.receive(calls, connection.ours.get(), Operation::Routine::noted);
  findings.expect(error == WSA_IO_PENDING, "the receive is taken");
  connection.send_from_peer("x", 1);
  findings.expect(operation.completed_within(kPatienceMs), "the receive completes");
  ::SleepEx(kNothingRunsMs, FALSE);
  const bool ran_in_plain_wait = operation.routine_ran_on().has_value();
  findings.figure("ranInPlainWait", ran_in_plain_wait);
  findings.expect(!ran_in_plain_wait, "no routine runs in a wait that is not alertable");
  std::thread([] { ::SleepEx(kNothingRunsMs, TRUE); }).join();
  const bool ran_elsewhere = !ran_in_plain_wait && operation.routine_ran_on().has_value();
  findings.figure("ranOnOtherThread", ran_elsewhere);
  findings.expect(!ran_elsewhere, "no routine runs in the alertable wait of another thread");
  const DWORD answer = calls.SleepEx(kPatienceMs, TRUE);
  const bool ran_here = operation.routine_ran_on() == GetCurrentThreadId();
  findings.figure("ranInAlertableWait", ran_here && !ran_in_plain_wait && !ran_elsewhere);
  findings.figure("sleepAnswer", answer);
  findings.expect(ran_here, "it runs in the alertable wait of the thread that issued");
}

// Opposite: the routine runs within the call itself.
int PASCAL receive_with_routine_at_once(SOCKET, LPWSABUF, DWORD, LPDWORD, LPDWORD,
                                        LPWSAOVERLAPPED overlapped,
                                        LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
  if (routine != nullptr) routine(0, 0, overlapped, 0);
  WSASetLastError(WSA_IO_PENDING);
  return SOCKET_ERROR;
}

void returns_io_completion(const Calls& calls, Findings& findings) {
  Connection connection;
  const Event never_set;
  Operation operation(64);
  const DWORD error = operation.receive(calls, connection.ours.get(), Operation::Routine::noted);
  findings.expect(error == WSA_IO_PENDING, "the receive is taken");
  connection.send_from_peer("x", 1);
  const WSAEVENT event = never_set.get();
  const DWORD answer = calls.WSAWaitForMultipleEvents(1, &event, FALSE, kPatienceMs, TRUE);
  findings.figure("waitResult", answer);
  findings.figure("routineRan", operation.routine_ran_on().has_value());
  findings.expect(answer == WSA_WAIT_IO_COMPLETION && operation.routine_ran_on(),
                  "the wait that ran a routine answers WSA_WAIT_IO_COMPLETION (192)");
}

// Opposite: what the lecture says, WSA_WAIT_FAILED.
DWORD WINAPI wait_that_fails(DWORD count, const WSAEVENT* events, BOOL all, DWORD timeout_ms,
                             BOOL alertable) {
  const DWORD answer = ::WSAWaitForMultipleEvents(count, events, all, timeout_ms, alertable);
  return answer == WSA_WAIT_IO_COMPLETION ? WSA_WAIT_FAILED : answer;
}

constexpr Probe kProbes[] = {
    {"routine-needs-alertable-wait", needs_alertable_wait,
     [](Calls& calls) {
       calls.WSARecv = receive_with_routine_at_once;
       calls.SleepEx = [](DWORD, BOOL) -> DWORD { return 0; };
     }},
    {"alertable-wait-returns-io-completion", returns_io_completion,
     [](Calls& calls) { calls.WSAWaitForMultipleEvents = wait_that_fails; }},
};

}  // namespace

Probes alertable_wait_probes() { return kProbes; }

}  // namespace oversoak::probes
