#include "fleet/measured_windows.h"

#include <algorithm>

namespace oversoak::fleet {

void count_one(SparseCounts& counts, std::uint32_t number) {
  const auto place =
      std::ranges::lower_bound(counts, number, {}, [](const auto& each) { return each.first; });
  if (place != counts.end() && place->first == number) {
    ++place->second;
  } else {
    counts.insert(place, {number, 1});
  }
}

// Opens windows up to this one; false when it is behind the last.
bool MeasuredWindows::reach(std::uint64_t index) {
  if (index >= count_) return false;
  while (packed_.size() + open_.size() <= index) {
    if (open_.size() == kMaxOpen) pack_oldest();
    Open& opened = open_.emplace_back();
    opened.buckets.swap(spare_);
    opened.buckets.resize(metrics::kHistogramBuckets);
  }
  return true;
}

MeasuredWindow& MeasuredWindows::at(std::uint64_t index) {
  if (index < packed_.size()) return packed_[index];
  return open_[index - packed_.size()].window;
}

void MeasuredWindows::pack_oldest() {
  Open& oldest = open_.front();
  for (std::size_t bucket = 0; bucket < oldest.buckets.size(); ++bucket) {
    const std::uint32_t count = oldest.buckets[bucket];
    if (count > 0) oldest.window.intended.emplace_back(static_cast<std::uint32_t>(bucket), count);
  }
  std::ranges::fill(oldest.buckets, 0);
  spare_.swap(oldest.buckets);
  packed_.push_back(std::move(oldest.window));
  open_.pop_front();
}

Load<std::uint64_t>* MeasuredWindows::load(std::uint64_t index) {
  return reach(index) ? &at(index).load : nullptr;
}

void MeasuredWindows::record_intended(std::uint64_t index, std::int64_t latency_ns) {
  if (!reach(index)) return;
  const auto bucket = static_cast<std::uint32_t>(metrics::histogram_index(
      std::clamp<std::int64_t>(latency_ns, 0, metrics::kHighestTrackable_ns)));
  if (index >= packed_.size()) {
    ++open_[index - packed_.size()].buckets[bucket];
    return;
  }
  count_one(packed_[index].intended, bucket);
}

void MeasuredWindows::note_left_later(std::uint64_t index, std::uint64_t left) {
  if (left <= index || !reach(index)) return;
  MeasuredWindow& window = at(index);
  ++window.load.after_end;
  count_one(window.left_later, static_cast<std::uint32_t>(left - index));
}

void MeasuredWindows::note_errors(std::uint64_t index, const FleetErrorCounts& errors) {
  if (errors == errors_) return;
  if (reach(index)) {
    FleetErrorCounts& counts = at(index).errors;
    counts += errors;
    counts -= errors_;
  }
  errors_ = errors;
}

void MeasuredWindows::note_busy(std::uint64_t index, std::int64_t busy_ns) {
  if (reach(index)) at(index).busy_ns += busy_ns;
}

std::vector<MeasuredWindow> MeasuredWindows::take() {
  if (count_ > 0) reach(count_ - 1);
  while (!open_.empty()) pack_oldest();
  return std::move(packed_);
}

}  // namespace oversoak::fleet
