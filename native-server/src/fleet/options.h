#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "fleet/dialect/message_sizes.h"
#include "fleet/dialect/zones.h"
#include "fleet/framed/program.h"
#include "fleet/pacer.h"
#include "fleet/plugin/plugin.h"
#include "fleet/slow_readers.h"
#include "wire/protocol.h"

namespace oversoak::fleet {

// Validated by the caller (the addon's glue). The defaults are in contracts/.
struct FleetOptions {
  std::string host;
  std::uint16_t port = 0;
  wire::Protocol protocol = wire::Protocol::oversoak;
  std::shared_ptr<const framed::Program> program{};  // this, or
  std::shared_ptr<const Plugin> plugin{};            // this; neither: `protocol`
  std::size_t sessions = 1;
  std::uint64_t first_session = 0;  // its number over all fleets of the run
  std::size_t threads = 1;
  double ramp_up_seconds = 1;
  std::size_t min_frame_bytes = 64;
  std::size_t max_frame_bytes = 256;
  SizeMix answers;  // empty: the server echoes
  Pacing pacing = Pacing::constant;
  double rate_per_second = 0;  // of the whole fleet; open loop only
  double loop_delay_ms = 0;    // closed loop only
  std::uint32_t over_send = 1;
  double echo_timeout_ms = 5000;
  double connect_timeout_ms = 5000;
  double disconnects_per_second = 0;  // of the whole fleet
  double abortive_share = 0;          // of the disconnects
  std::optional<SlowReaders> slow_readers;
  std::optional<Zones> zones{};  // then the protocol is oversoak, without `answers`
  // Seconds after the start. Nothing that is due later is sent; with 0 all is measured, and it goes
  // on until it is ended.
  double measure_from_seconds = 0;
  double measure_seconds = 0;
  double window_seconds = 0;  // 0: the measurement is kept in no windows
  // So long after the measurement, and two seconds more, its server must still be there.
  double drain_seconds = 0;
  std::uint64_t seed = 1;
};

}  // namespace oversoak::fleet
