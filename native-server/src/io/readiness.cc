#include "io/readiness.h"

#include <utility>

#include "fatal.h"
#include "io/sockets.h"

namespace oversoak::io {
namespace {

Operation& operation_of(const Completion& completion) noexcept {
  switch (completion.kind) {
    case OperationKind::receive:
      return completion.channel->receive;
    case OperationKind::send:
      return completion.channel->send;
    case OperationKind::connect:
      return completion.channel->connect;
  }
  fatal("a completion of no kind");
}

}  // namespace

Error Readiness::open(Channel& channel) {
  if (const Error error = make_non_blocking(channel.socket)) return error;
  if (free_.empty()) {
    free_.push_back(slots_.size());
    slots_.emplace_back();
  }
  channel.slot = free_.back();
  if (const Error error = watch(channel)) return error;
  free_.pop_back();
  slots_[channel.slot].channel = &channel;
  return {};
}

void Readiness::close(Channel& channel) noexcept {
  unwatch(channel);
  slots_[channel.slot] = {};
  free_.push_back(channel.slot);
}

Error Readiness::receive(Channel& channel, std::span<std::byte> into) {
  Slot& slot = slots_[channel.slot];
  slot.into = into;
  slot.receiving = true;
  if (slot.readable) readable_.push_back(channel.slot);
  issued(channel.receive, false);
  return {};
}

Sent Readiness::send(Channel& channel, std::span<const std::byte> bytes) {
  Slot& slot = slots_[channel.slot];
  slot.left = bytes;
  slot.taken = 0;
  const Error error = push(slot);
  slot.sending = error.would_block();
  if (slot.sending) {
    issued(channel.send, false);
    return {};
  }
  if (error) {
    refused(channel.send);
    return {error};
  }
  done_at_once(channel.send);
  return {{}, true};
}

void Readiness::begin_connect(Channel& channel) noexcept {
  slots_[channel.slot].connecting = true;
  issued(channel.connect, false);
}

void Readiness::end_connect(std::size_t slot, Error error) {
  slots_[slot].connecting = false;
  finish(slots_[slot].channel->connect, 0, error);
}

void Readiness::cancel(Channel& channel) noexcept {
  Slot& slot = slots_[channel.slot];
  if (slot.connecting) {
    // An established connection exists on the server too, reported here or not.
    end_connect(channel.slot, is_connected(channel.socket) ? Error() : Error::cancelled());
  }
  if (std::exchange(slot.receiving, false)) finish(channel.receive, 0, Error::cancelled());
  if (std::exchange(slot.sending, false)) finish(channel.send, slot.taken, Error::cancelled());
}

std::span<const Completion> Readiness::wait(std::int64_t until_ns) {
  for (const std::size_t slot : readable_) try_receive(slots_[slot]);
  readable_.clear();
  poll(done_.empty() ? until_ns : kNow);
  batch_.clear();
  batch_.swap(done_);
  for (const Completion& completion : batch_) {
    operation_of(completion).outstanding = false;
  }
  count_batch(batch_);
  return batch_;
}

void Readiness::wake() noexcept {
  if (!interrupting_.exchange(true)) interrupt();
}

// An exchange (not a store), so that this thread sees what was written before a wake() that found
// the flag set and did nothing.
void Readiness::woken() noexcept { interrupting_.exchange(false); }

void Readiness::readable(std::size_t slot) {
  slots_[slot].readable = true;
  try_receive(slots_[slot]);
}

void Readiness::writable(std::size_t slot) { try_send(slots_[slot]); }

// The send is attempted too: after a reset there may be no other report that it has failed.
void Readiness::ended(std::size_t slot) {
  slots_[slot].at_end = true;
  readable(slot);
  writable(slot);
}

void Readiness::try_receive(Slot& slot) {
  if (!slot.receiving) return;
  const Transfer received = receive_some(slot.channel->socket, slot.into);
  if (received.error.would_block()) {
    slot.readable = slot.at_end = false;
    return;
  }
  const bool filled = trigger_ == Trigger::edge && received.bytes == slot.into.size();
  slot.readable = slot.at_end || filled;
  slot.receiving = false;
  finish(slot.channel->receive, received.bytes, received.error);
}

void Readiness::try_send(Slot& slot) {
  if (!slot.sending) return;
  const Error error = push(slot);
  if (error.would_block()) return;
  slot.sending = false;
  finish(slot.channel->send, slot.taken, error);
}

// Continues after a partial send: the system reports writability only after a "would block".
Error Readiness::push(Slot& slot) noexcept {
  while (!slot.left.empty()) {
    const Transfer sent = send_some(slot.channel->socket, slot.left);
    if (sent.error) return sent.error;
    slot.left = slot.left.subspan(sent.bytes);
    slot.taken += sent.bytes;
  }
  return {};
}

// The operation stays outstanding until a wait returns its completion.
void Readiness::finish(Operation& operation, std::size_t bytes, Error error) {
  done_.push_back({operation.channel, operation.kind, bytes, error});
}

}  // namespace oversoak::io
