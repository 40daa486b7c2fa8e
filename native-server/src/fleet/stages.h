#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "enum_names.h"
#include "metrics/class_counters.h"
#include "metrics/counter.h"
#include "metrics/histogram.h"
#include "wire/frame.h"

namespace oversoak::fleet {

// Where the time of an echo goes; contracts/src/figures/stages.ts says what each is.
enum class Stage : std::uint8_t { client, network_wake, lock, queue, work, send, fan_out, end };

// In the order of contracts' STAGES.
inline constexpr auto kStageNames = enum_names<Stage>({
    {Stage::client, "client"},
    {Stage::network_wake, "network+wake"},
    {Stage::lock, "lock"},
    {Stage::queue, "queue"},
    {Stage::work, "work"},
    {Stage::send, "send"},
    {Stage::fan_out, "fan-out"},
});

// Of one echo. Together they are the latency from the intended send time.
struct StageTimes {
  std::array<std::int64_t, kValuesOf<Stage>> by_stage_ns{};

  std::int64_t operator[](Stage stage) const noexcept {
    return by_stage_ns[static_cast<std::size_t>(stage)];
  }
  std::int64_t& operator[](Stage stage) noexcept {
    return by_stage_ns[static_cast<std::size_t>(stage)];
  }
  std::int64_t total_ns() const noexcept {
    return std::accumulate(by_stage_ns.begin(), by_stage_ns.end(), std::int64_t{0});
  }
};

// The client's three times and the server's stamps; no time of one clock is subtracted from one of
// the other. With impossible stamps (a stage below 0, more time in the server than the echo took)
// the whole latency counts as the network's.
StageTimes split_latency(std::int64_t intended_ns, std::int64_t sent_ns, std::int64_t now_ns,
                         const wire::Stamps& stamps) noexcept;

// Without what the fleet's thread stood still before the message was sent and after it, which is in
// the client's part and in that of the network, as far as they go: else a server on the same
// machine stood still as well.
StageTimes without(StageTimes times, std::int64_t stood_before_ns,
                   std::int64_t stood_after_ns) noexcept;

// Rows are an eighth of an octave wide, from 1 ns to 1 h.
inline constexpr std::size_t kStageRows = 320;
std::size_t stage_row(std::int64_t latency_ns) noexcept;
// The shortest latency that counts in a row.
std::int64_t stage_row_at_least_ns(std::size_t row) noexcept;

struct StageRow {
  std::uint64_t count = 0;
  metrics::ClassCounts<Stage> sums_ns;
};

// Plain rows, for merging.
using StageRows = std::array<StageRow, kStageRows>;

// How many echoes had about one latency, and what their stages add up to. One writing thread, any
// number of readers.
class StageTable {
 public:
  void record(const StageTimes& times) noexcept;
  void add_to(StageRows& rows) const noexcept;

 private:
  struct Row {
    metrics::Counter count;
    metrics::ClassCounters<Stage> sums_ns;
  };

  std::array<Row, kStageRows> rows_;
};

}  // namespace oversoak::fleet
