#include "io/windows/event_select.h"

#include "fatal.h"
#include "io/windows/timeout.h"

namespace oversoak::io {

EventSelect::EventSelect() {
  places_[0] = WSACreateEvent();
  if (places_[0] == WSA_INVALID_EVENT) {
    fatal("WSACreateEvent failed", static_cast<unsigned long>(WSAGetLastError()));
  }
  made_ = 1;
}

EventSelect::~EventSelect() {
  for (DWORD place = 0; place < made_; ++place) WSACloseEvent(places_[place]);
}

std::size_t EventSelect::capacity() const noexcept { return kSessionsPerThread; }

Error EventSelect::watch(Channel& channel) {
  if (channel.slot == kSessionsPerThread) fatal("a 64th session on an event-select thread");
  const std::size_t place = channel.slot + 1;
  if (place == made_) {
    places_[place] = WSACreateEvent();
    if (places_[place] == WSA_INVALID_EVENT) return Error::last();
    ++made_;
  }
  const int result = WSAEventSelect(channel.socket, places_[place], FD_READ | FD_WRITE | FD_CLOSE);
  return result == 0 ? Error() : Error::last();
}

void EventSelect::unwatch(Channel& channel) noexcept {
  WSAEventSelect(channel.socket, nullptr, 0);
  WSAResetEvent(places_[channel.slot + 1]);
}

// A wait names the lowest place that is set; the next one begins behind it, so that high places do
// not starve and only those that are set cost a call.
void EventSelect::poll(std::int64_t until_ns) {
  for (DWORD from = 0; from < made_;) {
    const DWORD woken =
        WSAWaitForMultipleEvents(made_ - from, &places_[from], FALSE,
                                 milliseconds_until(from == 0 ? until_ns : kNow), FALSE);
    if (woken == WSA_WAIT_TIMEOUT) return;
    if (woken == WSA_WAIT_FAILED) {
      fatal("WSAWaitForMultipleEvents failed", static_cast<unsigned long>(WSAGetLastError()));
    }
    const DWORD place = from + (woken - WSA_WAIT_EVENT_0);
    take(place);
    from = place + 1;
  }
}

void EventSelect::take(DWORD place) {
  if (place == 0) {
    WSAResetEvent(places_[0]);
    woken();
    return;
  }
  const std::size_t slot = place - 1;
  WSANETWORKEVENTS reported;
  // Resets the event, too.
  if (WSAEnumNetworkEvents(slots()[slot].channel->socket, places_[place], &reported) != 0) {
    fatal("WSAEnumNetworkEvents failed", static_cast<unsigned long>(WSAGetLastError()));
  }
  // The error codes of the events are not needed: the attempted call fails with the same one.
  if (reported.lNetworkEvents & FD_READ) readable(slot);
  if (reported.lNetworkEvents & FD_WRITE) writable(slot);
  if (reported.lNetworkEvents & FD_CLOSE) ended(slot);
}

void EventSelect::interrupt() noexcept { WSASetEvent(places_[0]); }

}  // namespace oversoak::io
