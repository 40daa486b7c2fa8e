#include "server/zone_backlog.h"

#include <algorithm>
#include <utility>

#include "wire/zone.h"

namespace oversoak::server {
namespace {

using layout::ZoneMessage;

constexpr std::size_t kFirstEntries = 8;

// A copy tells the member what was left out before it.
void tell_skipped(std::span<std::byte> copy, const ZoneMessage& message, std::uint32_t skipped) {
  switch (message.kind) {
    case ZoneMessage::Kind::broadcast:
    case ZoneMessage::Kind::tick: {
      wire::DeliveryHead head = wire::delivery_head_of(copy);
      head.skipped = skipped;
      return wire::write_delivery_head(copy, head);
    }
    case ZoneMessage::Kind::leave:
      return wire::build_left(copy, wire::header_of(copy), {message.number, skipped});
    case ZoneMessage::Kind::join:  // nothing is delivered before it
    case ZoneMessage::Kind::gone:
      return;
  }
}

}  // namespace

ZoneBacklog::Added ZoneBacklog::add(layout::ZoneRef message, bool owed) {
  const std::size_t size = message->bytes.size();
  Added added;
  const auto fits = [&] { return bytes_of(owed) + size <= limit_bytes_; };
  if (!fits() && !owed && policy_ == ZonePolicy::newest) added.replaced = leave_out_others();
  if (!fits()) {
    added.overflowed = owed || policy_ == ZonePolicy::close;
    if (!added.overflowed) {
      added.dropped = 1;
      ++skipped_;
    }
    return added;
  }
  bytes_of(owed) += size;
  push({std::move(message), std::exchange(skipped_, 0), owed});
  added.queued = true;
  return added;
}

void ZoneBacklog::load(wire::Outbox& outbox, std::size_t max_bytes) {
  std::size_t loaded = 0;
  while (size_ > 0) {
    const Waiting& next = at(0);
    const std::span<const std::byte> bytes = next.message->bytes;
    if (loaded > 0 && loaded + bytes.size() > max_bytes) return;
    const auto room = outbox.append(bytes.size());
    if (room.empty()) return;
    std::ranges::copy(bytes, room.begin());
    if (next.skipped > 0) tell_skipped(room, *next.message, next.skipped);
    loaded += bytes.size();
    pop();
  }
}

void ZoneBacklog::push(Waiting waiting) {
  if (size_ == ring_.size()) {
    std::vector<Waiting> longer(std::max(kFirstEntries, 2 * ring_.size()));
    for (std::size_t i = 0; i < size_; ++i) longer[i] = std::move(at(i));
    ring_ = std::move(longer);
    first_ = 0;
  }
  at(size_++) = std::move(waiting);
}

void ZoneBacklog::pop() noexcept {
  Waiting& first = at(0);
  bytes_of(first.owed) -= first.message->bytes.size();
  first.message = {};
  first_ = (first_ + 1) & (ring_.size() - 1);
  --size_;
}

// What stays tells what was left out before it.
std::uint64_t ZoneBacklog::leave_out_others() noexcept {
  std::uint64_t left_out = 0;
  std::uint32_t skipped = 0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    Waiting waiting = std::move(at(i));
    skipped += waiting.skipped;
    if (waiting.owed) {
      waiting.skipped = std::exchange(skipped, 0);
      at(kept++) = std::move(waiting);
    } else {
      ++skipped;
      ++left_out;
    }
  }
  size_ = kept;
  skipped_ += skipped;
  other_bytes_ = 0;
  return left_out;
}

}  // namespace oversoak::server
