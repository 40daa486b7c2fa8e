#include "io/windows/event.h"

#include "fatal.h"
#include "io/windows/timeout.h"

namespace oversoak::io {

Event::Event() {
  places_[0] = WSACreateEvent();
  if (places_[0] == WSA_INVALID_EVENT) {
    fatal("WSACreateEvent failed", static_cast<unsigned long>(WSAGetLastError()));
  }
  slots_.reserve(kSessionsPerThread);
}

Event::~Event() { WSACloseEvent(places_[0]); }

std::size_t Event::capacity() const noexcept { return kSessionsPerThread; }

Error Event::open(Channel& channel) {
  if (slots_.size() == kSessionsPerThread) fatal("a 64th session on an event thread");
  for (Operation* operation : {&channel.receive, &channel.send}) {
    operation->system.hEvent = WSACreateEvent();
    if (operation->system.hEvent != WSA_INVALID_EVENT) continue;
    const Error error = Error::last();
    if (operation == &channel.send) WSACloseEvent(channel.receive.system.hEvent);
    return error;
  }
  channel.slot = slots_.size();
  slots_.push_back(&channel);
  watch(channel.receive);
  return {};
}

void Event::close(Channel& channel) noexcept {
  Channel* last = slots_.back();
  places_[channel.slot + 1] = places_[last->slot + 1];
  slots_[channel.slot] = last;
  last->slot = channel.slot;
  slots_.pop_back();
  WSACloseEvent(channel.receive.system.hEvent);
  WSACloseEvent(channel.send.system.hEvent);
}

void Event::watch(const Operation& operation) noexcept {
  places_[operation.channel->slot + 1] = operation.system.hEvent;
}

// No WSAResetEvent: WSARecv and WSASend reset the event that they are given. Only a receive that is
// not issued again leaves its event signalled and waited for; the wait that it ends resets it.
Error Event::receive(Channel& channel, std::span<std::byte> into) {
  return issue(channel.receive, call_receive(channel, into));
}

Sent Event::send(Channel& channel, std::span<const std::byte> bytes) {
  const Error error = issue(channel.send, call_send(channel, bytes));
  if (!error && !HasOverlappedIoCompleted(&channel.send.system)) watch(channel.send);
  return {error};
}

Error Event::issue(Operation& operation, int result) noexcept {
  const Error error = issued_with(operation, result);
  if (!error && result == 0) done_at_once_ = true;
  return error;
}

std::span<const Completion> Event::wait(std::int64_t until_ns) {
  batch_.clear();
  const auto places = static_cast<DWORD>(slots_.size() + 1);
  const DWORD woken = WSAWaitForMultipleEvents(
      places, places_.data(), FALSE, milliseconds_until(done_at_once_ ? kNow : until_ns), FALSE);
  if (woken == WSA_WAIT_FAILED) {
    fatal("WSAWaitForMultipleEvents failed", static_cast<unsigned long>(WSAGetLastError()));
  }
  // The wait returns the lowest signalled index, so the dummy event at 0 is never overlooked.
  if (woken == WSA_WAIT_EVENT_0) WSAResetEvent(places_[0]);
  done_at_once_ = false;
  for (Channel* channel : slots_) {
    take_if_complete(channel->receive);
    take_if_complete(channel->send);
  }
  if (batch_.empty()) rest(woken - WSA_WAIT_EVENT_0);
  count_batch(batch_);
  return batch_;
}

// An event that ended a wait without a completion would end every wait, until its session receives
// again (half duplex: when it has answered) or goes (its peer has ended its side).
void Event::rest(DWORD place) noexcept {
  if (place == 0 || place > slots_.size()) return;  // the dummy event, a timeout
  const Operation& receive = slots_[place - 1]->receive;
  if (receive.outstanding || places_[place] != receive.system.hEvent) return;
  WSAResetEvent(places_[place]);
}

void Event::take_if_complete(Operation& operation) {
  if (!operation.outstanding || !HasOverlappedIoCompleted(&operation.system)) return;
  batch_.push_back(result_of(operation));
  if (operation.kind == OperationKind::send) watch(operation.channel->receive);
}

void Event::wake() noexcept { WSASetEvent(places_[0]); }

}  // namespace oversoak::io
