#include "fleet/dialect/zone_ledger.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace oversoak::fleet {

void ZoneLedger::reset() noexcept {
  state_ = State::outside;
  latest_ = dropped_ = 0;
  gaps_.clear();
}

bool ZoneLedger::joined(std::uint64_t latest) noexcept {
  if (!pass(State::joining, State::inside)) return false;
  latest_ = latest;
  return true;
}

bool ZoneLedger::left(std::uint64_t latest, std::uint32_t skipped) {
  if (state_ != State::leaving || latest < latest_ || !note_gap(latest + 1, skipped)) {
    return false;
  }
  state_ = State::left;
  latest_ = latest;
  return true;
}

ZoneLedger::Finding ZoneLedger::delivered(std::uint64_t number, std::uint32_t skipped) {
  if (!has_joined()) return Finding::impossible;
  if (state_ == State::left) return Finding::after_leave;
  if (number > latest_) {
    if (!note_gap(number, skipped)) return Finding::impossible;
    latest_ = number;
    return Finding::expected;
  }
  for (Gap& gap : gaps_) {
    if (number < gap.first || number > gap.last || gap.absent == 0) continue;
    // One that was given up has been counted as missing, and stays so.
    if (!gap.given_up) --gap.absent;
    return Finding::out_of_order;
  }
  return Finding::duplicate;
}

// The numbers after the latest and before `before`, of which `skipped` were left out.
bool ZoneLedger::note_gap(std::uint64_t before, std::uint32_t skipped) {
  const std::uint64_t absent = before - latest_ - 1;
  if (skipped > absent) return false;
  if (skipped == absent) return true;
  std::erase_if(gaps_, [](const Gap& gap) { return gap.absent == 0; });
  if (gaps_.size() == kMaxGaps) {
    if (!gaps_.front().given_up) dropped_ += gaps_.front().absent;
    gaps_.erase(gaps_.begin());
  }
  gaps_.push_back({latest_ + 1, before - 1, absent - skipped});
  return true;
}

std::uint64_t ZoneLedger::give_up(std::int64_t now_ns, std::int64_t patience_ns) noexcept {
  std::uint64_t missing = std::exchange(dropped_, 0);
  for (Gap& gap : gaps_) {
    if (gap.noticed_ns == 0) gap.noticed_ns = now_ns;
    if (gap.given_up || now_ns - gap.noticed_ns < patience_ns) continue;
    gap.given_up = true;
    missing += gap.absent;
  }
  return missing;
}

std::uint64_t ZoneLedger::give_up() noexcept {
  return give_up(std::numeric_limits<std::int64_t>::max(), 0);
}

}  // namespace oversoak::fleet
