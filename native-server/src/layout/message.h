#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "layout/zone_ref.h"
#include "wire/frame.h"

namespace oversoak::layout {

struct Player;
struct Message;

// Where a message came from and goes back to: the IO thread of its session.
class MessageHome {
 public:
  virtual ~MessageHome() = default;

  // The content thread `thread` is done with a message: its echo may be sent. From here on the
  // message belongs to its home.
  virtual void finished(Message& message, std::size_t thread) = 0;
};

// A message on its way through the content threads, a player that is handed from one to the next,
// or what goes to the owner of a zone. One thread has it at a time.
struct Message {
  enum class Kind : std::uint8_t {
    frame,     // to be handled and echoed
    handover,  // the receiving thread becomes the player's owner
    zone,      // `zone` is to be ordered by the receiving thread
  };

  Kind kind = Kind::frame;
  // Planted fault: delivered to a content that the player has left.
  bool misrouted = false;
  // The planted fault has been done; the owner still has to keep the turn.
  bool handled_elsewhere = false;
  Player* player = nullptr;
  MessageHome* home = nullptr;
  std::uint64_t turn = 0;  // the session's messages in the order of their arrival, from 0
  std::uint32_t hops = 0;  // queues that it went through
  wire::Stamps stamps;
  std::span<std::byte> bytes;
  ZoneRef zone;  // where it is answered by its zone; `bytes` are then in it
  // Keeps the session, and with it the player, in memory while the message is out.
  std::shared_ptr<void> keep_alive;
};

}  // namespace oversoak::layout
