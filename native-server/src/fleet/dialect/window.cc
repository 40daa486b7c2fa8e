#include "fleet/dialect/window.h"

#include <algorithm>
#include <bit>

#include "fleet/dialect/ring.h"

namespace oversoak::fleet {
namespace {

// Room for overdue messages beside those in time.
constexpr std::uint32_t kSpareEntries = 32;
// 2 MiB: ten seconds of 6,500 messages a second while one of them waits.
constexpr std::uint64_t kMostEntries = std::uint64_t{1} << 16;

}  // namespace

Window::Window(std::uint32_t over_send, std::uint64_t most_followed)
    : over_send_(over_send),
      entries_(std::bit_ceil(std::size_t{over_send} + kSpareEntries)),
      most_entries_(std::bit_floor(std::min(most_followed, kMostEntries))) {}

void Window::reset(std::uint64_t first_sequence) noexcept {
  first_sequence_ = first_sequence;
  oldest_ = checked_ = next_ = after_latest_echo_ = 0;
  in_time_ = overdue_ = 0;
}

void Window::make_room() {
  if (is_full()) grow_ring(entries_, oldest_, next_, 2 * entries_.size());
}

void Window::sent(std::int64_t intended_ns, std::int64_t sent_ns,
                  std::int64_t own_lag_ns) noexcept {
  entry(next_++) = {intended_ns, sent_ns, own_lag_ns, State::waiting};
  ++in_time_;
}

Echo Window::find(std::uint64_t sequence) const noexcept {
  const std::uint64_t index = sequence - first_sequence_;  // wraps to a large one if before
  if (index >= next_) return {EchoKind::unknown};
  if (index < oldest_ || entry(index).state == State::echoed) {
    return {EchoKind::duplicate, 0, 0, 0, index};
  }
  const Entry& found = entry(index);
  return {index >= after_latest_echo_ ? EchoKind::in_order : EchoKind::out_of_order,
          found.intended_ns,
          found.sent_ns,
          found.own_lag_ns,
          index,
          found.state == State::overdue};
}

void Window::take(const Echo& echo) noexcept {
  if (echo.kind != EchoKind::in_order && echo.kind != EchoKind::out_of_order) return;
  --(echo.overdue ? overdue_ : in_time_);
  entry(echo.message).state = State::echoed;
  while (oldest_ < next_ && entry(oldest_).state == State::echoed) ++oldest_;
  if (checked_ < oldest_) checked_ = oldest_;
  if (echo.kind == EchoKind::in_order) after_latest_echo_ = echo.message + 1;
}

Echo Window::echoed(std::uint64_t sequence) noexcept {
  const Echo echo = find(sequence);
  take(echo);
  return echo;
}

std::optional<Window::Sent> Window::unanswered(std::uint64_t sequence) const noexcept {
  const std::uint64_t index = sequence - first_sequence_;
  if (index < oldest_ || index >= next_ || entry(index).state == State::echoed) return {};
  return sent_of(index);
}

std::optional<Window::Sent> Window::oldest_unanswered() const noexcept {
  if (oldest_ == next_) return {};
  return sent_of(oldest_);
}

Window::Expired Window::expire(std::int64_t sent_before_ns) noexcept {
  return expire_until(next_, sent_before_ns);
}

Window::Expired Window::expire_skipped(std::int64_t sent_before_ns) noexcept {
  return expire_until(after_latest_echo_, sent_before_ns);
}

Window::Expired Window::expire_until(std::uint64_t end, std::int64_t sent_before_ns) noexcept {
  Expired expired;
  for (; checked_ < end; ++checked_) {
    Entry& found = entry(checked_);
    if (found.state == State::echoed) continue;
    if (found.sent_ns >= sent_before_ns) break;
    found.state = State::overdue;
    if (expired.count++ == 0) expired.oldest = sent_of(checked_);
  }
  in_time_ -= expired.count;
  overdue_ += expired.count;
  return expired;
}

}  // namespace oversoak::fleet
