#include "notify/readiness.h"

#include <utility>

namespace oversoak::notify {
namespace {

// Asked when recv has answered 0: 0 when the peer has ended its side in order, which leaves ours
// open. Wine takes a reset's error from the socket when it tells of it, and then recv answers 0,
// too; but nothing can be sent any more, not even nothing.
DWORD error_at_end(SOCKET socket) noexcept {
  if (::send(socket, "", 0, 0) != SOCKET_ERROR) return 0;
  const auto error = static_cast<DWORD>(WSAGetLastError());
  return error == WSAECONNRESET || error == WSAECONNABORTED ? error : 0;
}

}  // namespace

DWORD Readiness::open(Channel& channel) {
  u_long non_blocking = 1;
  if (ioctlsocket(channel.socket, FIONBIO, &non_blocking) != 0) {
    return static_cast<DWORD>(WSAGetLastError());
  }
  if (free_.empty()) {
    free_.push_back(slots_.size());
    slots_.emplace_back();
  }
  channel.slot = free_.back();
  const DWORD error = watch(channel);
  if (error != 0) return error;
  free_.pop_back();
  slots_[channel.slot].channel = &channel;
  return 0;
}

void Readiness::close(Channel& channel) noexcept {
  unwatch(channel);
  slots_[channel.slot] = {};
  free_.push_back(channel.slot);
}

DWORD Readiness::receive(Channel& channel, std::span<std::byte> into) {
  Slot& slot = slots_[channel.slot];
  slot.into = into;
  slot.receiving = true;
  if (slot.readable) readable_.push_back(channel.slot);
  return issued_with(channel.receive, WSA_IO_PENDING);
}

DWORD Readiness::send(Channel& channel, std::span<const std::byte> bytes) {
  Slot& slot = slots_[channel.slot];
  slot.left = bytes;
  slot.taken = 0;
  const DWORD error = push(slot);
  slot.sending = error == WSAEWOULDBLOCK;
  if (error == 0) finish(channel.send, slot.taken, 0);
  return issued_with(channel.send, slot.sending ? WSA_IO_PENDING : error);
}

void Readiness::cancel(Channel& channel) noexcept {
  Slot& slot = slots_[channel.slot];
  if (std::exchange(slot.receiving, false)) finish(channel.receive, 0, WSA_OPERATION_ABORTED);
  if (std::exchange(slot.sending, false)) finish(channel.send, slot.taken, WSA_OPERATION_ABORTED);
}

std::span<const Completion> Readiness::wait(DWORD timeout_ms) {
  for (const std::size_t slot : readable_) try_receive(slots_[slot]);
  readable_.clear();
  look(done_.empty() ? timeout_ms : 0);
  batch_.clear();
  batch_.swap(done_);
  for (const Completion& completion : batch_) {
    Channel& channel = *completion.channel;
    const bool received = completion.kind == OperationKind::receive;
    (received ? channel.receive : channel.send).outstanding = false;
  }
  count_batch(batch_);
  return batch_;
}

void Readiness::wake() noexcept {
  if (!interrupting_.exchange(true)) interrupt();
}

// An exchange, so that what was done before a wake that was left out is seen after this.
void Readiness::woken() noexcept { interrupting_.exchange(false); }

void Readiness::readable(std::size_t slot) {
  slots_[slot].readable = true;
  try_receive(slots_[slot]);
}

void Readiness::writable(std::size_t slot) { try_send(slots_[slot]); }

// Also the send: after a reset nothing else may tell that it has failed.
void Readiness::ended(std::size_t slot) {
  slots_[slot].at_end = true;
  readable(slot);
  writable(slot);
}

void Readiness::try_receive(Slot& slot) {
  if (!slot.receiving) return;
  const int bytes = ::recv(slot.channel->socket, reinterpret_cast<char*>(slot.into.data()),
                           static_cast<int>(slot.into.size()), 0);
  const DWORD error = bytes == SOCKET_ERROR ? static_cast<DWORD>(WSAGetLastError())
                      : bytes == 0          ? error_at_end(slot.channel->socket)
                                            : 0;
  if (error == WSAEWOULDBLOCK) {
    slot.readable = slot.at_end = false;
    return;
  }
  slot.readable = slot.at_end;
  slot.receiving = false;
  finish(slot.channel->receive, error == 0 ? static_cast<DWORD>(bytes) : 0, error);
}

void Readiness::try_send(Slot& slot) {
  if (!slot.sending) return;
  const DWORD error = push(slot);
  if (error == WSAEWOULDBLOCK) return;
  slot.sending = false;
  finish(slot.channel->send, slot.taken, error);
}

// Not content with a part: writability is told only after a call that would have blocked.
DWORD Readiness::push(Slot& slot) noexcept {
  while (!slot.left.empty()) {
    const int taken = ::send(slot.channel->socket, reinterpret_cast<const char*>(slot.left.data()),
                             static_cast<int>(slot.left.size()), 0);
    if (taken == SOCKET_ERROR) return static_cast<DWORD>(WSAGetLastError());
    slot.left = slot.left.subspan(static_cast<std::size_t>(taken));
    slot.taken += static_cast<DWORD>(taken);
  }
  return 0;
}

// Stays outstanding until a wait returns it.
void Readiness::finish(Operation& operation, DWORD bytes, DWORD error) {
  done_.push_back({operation.channel, operation.kind, bytes, error});
}

}  // namespace oversoak::notify
