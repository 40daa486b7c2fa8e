#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "layout/message.h"
#include "layout/zone_ref.h"
#include "wire/byte_buffer.h"

namespace oversoak::layout {

class ZoneHome;

// What a session says to its zone: on its way to the owner of the zone's order, and from there to
// the IO threads of the members, which share it. Until it is ordered one thread has it at a time;
// from then on nobody writes to it but the IO thread of its session, once it alone has it. A tick
// is of no session: the owner of the order makes it.
struct ZoneMessage {
  enum class Kind : std::uint8_t {
    broadcast,
    join,
    leave,
    gone,  // the session of a member has ended without a leave
    tick,
  };

  Kind kind = Kind::broadcast;
  bool ordered = false;  // `number` is there
  std::uint32_t zone = 0;
  std::uint64_t number = 0;  // of this delivery in the zone, else of the latest before it
  ZoneHome* home = nullptr;  // of its session; null: it has none
  wire::ByteBuffer bytes;    // of a broadcast and a tick: the delivery, else the frame
  Message carrier;           // takes it through the queue of a content thread

  // Whether it has a number of its own and goes to all members.
  bool is_delivery() const noexcept { return kind == Kind::broadcast || kind == Kind::tick; }

  // For ZoneRef. `recycle`: called by the thread that drops the last reference.
  std::atomic<std::uint32_t> references{0};
  void (*recycle)(ZoneMessage&) noexcept = nullptr;
};

// An IO thread, as the place that zone messages come back to and that members are at.
class ZoneHome {
 public:
  virtual ~ZoneHome() = default;

  // Any thread but the home's own: posts a message of a zone, ordered or to be ordered here.
  virtual void post(ZoneRef message) = 0;
  // The home's own thread: takes an ordered message at once.
  virtual void take(ZoneRef message) = 0;
};

}  // namespace oversoak::layout
