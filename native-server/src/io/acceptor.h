#pragma once

#include "io/listener.h"

namespace oversoak::io {

// Accepts the connections of a listening socket where a notifier has another way to do that than
// the listener's blocking calls. Made on any thread; after that one thread accepts.
class Acceptor {
 public:
  virtual ~Acceptor() = default;

  // As Listener::accept(): waits for the next connection; kNoSocket when that failed or the
  // listener was closed. What had been accepted before the listener was closed is returned first.
  virtual Accepted accept() noexcept = 0;
};

}  // namespace oversoak::io
