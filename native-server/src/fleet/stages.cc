#include "fleet/stages.h"

#include <algorithm>
#include <bit>

namespace oversoak::fleet {
namespace {

constexpr int kRowsPerOctaveMagnitude = 3;
constexpr std::uint64_t kRowsPerOctave = std::uint64_t{1} << kRowsPerOctaveMagnitude;

// Octaves above those whose rows are single nanoseconds.
int octave_of(std::uint64_t value) noexcept {
  return 64 - 1 - kRowsPerOctaveMagnitude - std::countl_zero(value | kRowsPerOctave);
}

// A peer may send any stamps: without overflow, and above any time that an echo takes when the
// later one lies before the earlier.
std::uint64_t between(std::int64_t earlier_ns, std::int64_t later_ns) noexcept {
  return static_cast<std::uint64_t>(later_ns) - static_cast<std::uint64_t>(earlier_ns);
}

}  // namespace

StageTimes split_latency(std::int64_t intended_ns, std::int64_t sent_ns, std::int64_t now_ns,
                         const wire::Stamps& stamps) noexcept {
  const std::int64_t client_ns = sent_ns - intended_ns;
  const std::int64_t away_ns = now_ns - sent_ns;
  std::uint64_t left_ns = static_cast<std::uint64_t>(away_ns);
  // Without a zone nothing is fanned out.
  const std::int64_t ordered_ns = stamps.ordered_ns == 0 ? stamps.sending_ns : stamps.ordered_ns;
  const std::array<std::uint64_t, 5> stages{
      between(stamps.received_ns, stamps.routed_ns), between(stamps.routed_ns, stamps.dequeued_ns),
      between(stamps.dequeued_ns, stamps.handled_ns), between(stamps.handled_ns, ordered_ns),
      between(ordered_ns, stamps.sending_ns)};
  for (const std::uint64_t stage : stages) {
    if (stage > left_ns) return {{client_ns, away_ns}};
    left_ns -= stage;
  }
  const auto ns = [&stages](std::size_t i) { return static_cast<std::int64_t>(stages[i]); };
  return {{client_ns, static_cast<std::int64_t>(left_ns), ns(0), ns(1), ns(2), ns(3), ns(4)}};
}

StageTimes without(StageTimes times, std::int64_t stood_before_ns,
                   std::int64_t stood_after_ns) noexcept {
  const auto take = [](std::int64_t& stage_ns, std::int64_t& stood_ns) {
    const std::int64_t taken_ns = std::min(stage_ns, stood_ns);
    stage_ns -= taken_ns;
    stood_ns -= taken_ns;
  };
  take(times[Stage::client], stood_before_ns);
  std::int64_t left_ns = stood_before_ns + stood_after_ns;
  take(times[Stage::network_wake], left_ns);
  take(times[Stage::client], left_ns);
  while (left_ns > 0) {
    std::int64_t& longest_ns = *std::ranges::max_element(times.by_stage_ns);
    if (longest_ns == 0) break;
    take(longest_ns, left_ns);
  }
  return times;
}

std::size_t stage_row(std::int64_t latency_ns) noexcept {
  const auto value = static_cast<std::uint64_t>(
      std::clamp<std::int64_t>(latency_ns, 0, metrics::kHighestTrackable_ns));
  const int octave = octave_of(value);
  return static_cast<std::size_t>(octave) * kRowsPerOctave +
         static_cast<std::size_t>(value >> octave);
}

std::int64_t stage_row_at_least_ns(std::size_t row) noexcept {
  if (row < 2 * kRowsPerOctave) return static_cast<std::int64_t>(row);
  const std::size_t octave = row / kRowsPerOctave - 1;
  return static_cast<std::int64_t>((kRowsPerOctave + row % kRowsPerOctave) << octave);
}

void StageTable::record(const StageTimes& times) noexcept {
  Row& row = rows_[stage_row(times.total_ns())];
  row.count.add();
  for (std::size_t i = 0; i < kValuesOf<Stage>; ++i) {
    row.sums_ns.add(static_cast<Stage>(i), static_cast<std::uint64_t>(times.by_stage_ns[i]));
  }
}

void StageTable::add_to(StageRows& rows) const noexcept {
  for (std::size_t i = 0; i < kStageRows; ++i) {
    rows[i].count += rows_[i].count.load();
    rows[i].sums_ns += rows_[i].sums_ns.load();
  }
}

}  // namespace oversoak::fleet
