// How many handles one wait takes.
#include <algorithm>
#include <deque>
#include <vector>

#include "probes/connection.h"
#include "probes/families.h"
#include "probes/operation.h"

namespace oversoak::probes {
namespace {

constexpr DWORD kLimit = 64;
static_assert(WSA_MAXIMUM_WAIT_EVENTS == kLimit);

void wait_takes_64(const Calls& calls, Findings& findings) {
  std::deque<Event> events(kLimit + 1);
  std::vector<WSAEVENT> handles;
  for (const Event& event : events) handles.push_back(event.get());
  SetEvent(handles[kLimit - 1]);
  const DWORD with_64 = calls.WSAWaitForMultipleEvents(kLimit, handles.data(), FALSE, 0, FALSE);
  findings.figure("answerOf64", with_64);
  findings.expect(with_64 == WSA_WAIT_EVENT_0 + kLimit - 1, "64 are waited for, and the last seen");
  const DWORD with_65 = calls.WSAWaitForMultipleEvents(kLimit + 1, handles.data(), FALSE, 0, FALSE);
  const auto error = static_cast<DWORD>(WSAGetLastError());
  findings.figure("answerOf65", with_65);
  findings.figure("errorOf65", with_65 == WSA_WAIT_FAILED ? error : 0);
  findings.expect(with_65 == WSA_WAIT_FAILED, "65 are refused");
}

// Opposite: any number is taken.
DWORD WINAPI wait_for_any_number(DWORD count, const WSAEVENT* events, BOOL all, DWORD timeout_ms,
                                 BOOL alertable) {
  return ::WSAWaitForMultipleEvents(std::min(count, kLimit), events, all, timeout_ms, alertable);
}

constexpr Probe kProbes[] = {
    {"wait-takes-64-handles", wait_takes_64,
     [](Calls& calls) { calls.WSAWaitForMultipleEvents = wait_for_any_number; }},
};

}  // namespace

Probes handle_limit_probes() { return kProbes; }

}  // namespace oversoak::probes
