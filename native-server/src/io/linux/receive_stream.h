#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "io/linux/receive_buffers.h"
#include "io/notifier.h"

namespace oversoak::io {

// The received bytes of one channel of a ring. A multishot receive stays active until it ends, so
// bytes may arrive while no receive is posted; they are kept here. If the session lets them wait,
// the stream changes to single receives, and further bytes stay in the socket's buffer.
struct ReceiveStream {
  // Beside one that is posted: several buffers of one batch. More and the stream turns to single
  // receives.
  static constexpr std::size_t kMaxAhead = 8;

  enum class Request : std::uint8_t {
    none,       // the kernel has none
    multishot,  // goes on
    stopping,   // multishot, being cancelled
    single,     // into `into` itself
  };

  // What came and is not taken: a part of a buffer.
  struct Piece {
    unsigned buffer = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  std::size_t slot = 0;        // of the notifier
  Channel* channel = nullptr;  // null: closed, or free
  Request request = Request::none;
  bool only_single = false;
  bool cancelled = false;
  std::span<std::byte> into;  // of the receive that is posted
  std::vector<Piece> ahead;   // oldest first
  bool ended = false;         // after what is ahead comes `last`
  Error last;                 // none: the peer has ended its side

  bool posted() const noexcept { return channel != nullptr && channel->receive.outstanding; }
  bool has_result() const noexcept { return !ahead.empty() || ended; }

  // The result of the posted receive, out of what has come. Only when has_result().
  Completion take(ReceiveBuffers& buffers) noexcept {
    Completion completion{channel, OperationKind::receive, 0, {}};
    std::size_t emptied = 0;
    for (Piece& piece : ahead) {
      const auto bytes = buffers.bytes(piece.buffer, piece.end).subspan(piece.begin);
      const std::size_t size = std::min(bytes.size(), into.size());
      std::copy_n(bytes.begin(), size, into.begin());
      into = into.subspan(size);
      piece.begin += size;
      completion.bytes += size;
      if (piece.begin < piece.end) break;
      buffers.give_back(piece.buffer);
      ++emptied;
    }
    ahead.erase(ahead.begin(), ahead.begin() + static_cast<std::ptrdiff_t>(emptied));
    if (completion.bytes == 0) completion.error = last;
    channel->receive.outstanding = false;
    return completion;
  }

  // The received bytes that no receive will take.
  void drop(ReceiveBuffers& buffers) noexcept {
    for (const Piece& piece : ahead) buffers.give_back(piece.buffer);
    ahead.clear();
  }
};

}  // namespace oversoak::io
