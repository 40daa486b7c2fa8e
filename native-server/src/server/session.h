#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "io/listener.h"
#include "io/notifier.h"
#include "layout/player.h"
#include "server/message_pool.h"
#include "server/session_zone.h"
#include "wire/inbox.h"
#include "wire/outbox.h"

namespace oversoak::server {

// A connection of the server and its player. It belongs to its IO thread, the only one to close it:
// when it has no outstanding operation and no message in progress. Messages in progress keep it in
// memory. A content thread accesses the player only while it owns it.
struct Session : io::Channel {
  enum class State {
    open,       // a receive is always outstanding (half duplex: unless an echo is on its way)
    finishing,  // the peer has ended its side; pending answers are still sent
    closing,    // closing; waits for the completions of cancelled operations
  };

  Session(const io::Accepted& accepted, game::PlayerId player_id, std::size_t max_frame_bytes,
          std::size_t send_queue_bytes)
      : player(player_id, accepted.peer), inbox(max_frame_bytes), outbox(send_queue_bytes) {
    socket = accepted.socket;
  }

  layout::Player player;

  // The IO thread's.
  wire::Inbox inbox;
  MessagePool messages;
  std::uint64_t next_turn = 0;  // of the message that arrives next
  bool dirty = false;           // in the IO thread's list of sessions to settle
  bool may_send = false;        // the IO thread has put something into the outbox, or a send ended
  std::size_t index = 0;        // in the IO thread's list of sessions
  std::unique_ptr<SessionZone> zone;  // only where there are zones

  // Counted up by the IO thread, before a message goes out; counted down by it, or by a content
  // thread that has sent the echo (under `sending`).
  std::atomic<std::size_t> messages_out{0};

  // Under `sending` where content threads send too, else the IO thread's. The IO thread alone
  // changes the state, and needs no lock to read it.
  std::mutex sending;
  State state = State::open;
  wire::Outbox outbox;
  std::vector<std::byte> last_echo;  // only for a planted fault
};

}  // namespace oversoak::server
