#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "metrics/counter.h"
#include "metrics/histogram.h"
#include "wire/frame.h"

namespace oversoak::fleet {

// Where the time of an echo went, ns; contracts/src/figures/stages.ts says what each is. Together they are
// the latency from the intended send time.
struct StageTimes {
  std::int64_t client_ns = 0;
  std::int64_t network_wake_ns = 0;
  std::int64_t lock_ns = 0;
  std::int64_t queue_ns = 0;
  std::int64_t work_ns = 0;
  std::int64_t send_ns = 0;

  std::int64_t total_ns() const noexcept {
    return client_ns + network_wake_ns + lock_ns + queue_ns + work_ns + send_ns;
  }
};

// The client's three times and the server's stamps; no time of one clock is subtracted from one of
// the other. Stamps that cannot be true (a stage below 0, more time in the server than the echo
// took) say nothing, and all of it counts as the network's.
StageTimes split_latency(std::int64_t intended_ns, std::int64_t sent_ns, std::int64_t now_ns,
                         const wire::Stamps& stamps) noexcept;

// Rows are an eighth of an octave wide, from 1 ns to 1 h.
inline constexpr std::size_t kStageRows = 320;
std::size_t stage_row(std::int64_t latency_ns) noexcept;
// The shortest latency that counts in a row.
std::int64_t stage_row_at_least_ns(std::size_t row) noexcept;

struct StageRow {
  std::uint64_t count = 0;
  std::uint64_t client_ns = 0;
  std::uint64_t network_wake_ns = 0;
  std::uint64_t lock_ns = 0;
  std::uint64_t queue_ns = 0;
  std::uint64_t work_ns = 0;
  std::uint64_t send_ns = 0;
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
    metrics::Counter client_ns;
    metrics::Counter network_wake_ns;
    metrics::Counter lock_ns;
    metrics::Counter queue_ns;
    metrics::Counter work_ns;
    metrics::Counter send_ns;
  };

  std::array<Row, kStageRows> rows_;
};

}  // namespace oversoak::fleet
