#pragma once

#include <cstddef>
#include <cstdint>

namespace oversoak::fleet {

// The zones of a run: sessions with consecutive numbers, over all of its fleets, are in one.
struct Zones {
  std::uint64_t size = 2;      // sessions; the last zone may have fewer
  double share = 1;            // of the messages that are broadcast; the others are echoed
  std::size_t tick_bytes = 0;  // of the frame of a tick, which the server sends; 0: there are none

  std::uint32_t of_session(std::uint64_t session) const noexcept {
    return static_cast<std::uint32_t>(session / size);
  }

  // Whether all that the zone of this session can have are among these: all of a fleet.
  bool is_whole(std::uint64_t session, std::uint64_t first_session,
                std::uint64_t sessions) const noexcept {
    const std::uint64_t first = session / size * size;
    return first >= first_session && first + size <= first_session + sessions;
  }
};

}  // namespace oversoak::fleet
