#pragma once

#include <atomic>
#include <vector>

#include "notify/notifier.h"

namespace oversoak::notify {

// What the readiness models share. They are not told that an operation has finished, but that one
// can be tried: a receive is noted and done by recv() when the socket has something; a send is
// tried at once, and what the socket does not take waits until it takes more. The results come out
// of `wait`, as under the overlapped models. Sockets are made non-blocking, so every word of
// readiness is a hint only: a wrong one costs a call that answers WSAEWOULDBLOCK.
class Readiness : public Notifier {
 public:
  DWORD open(Channel& channel) final;
  void close(Channel& channel) noexcept final;
  DWORD receive(Channel& channel, std::span<std::byte> into) final;
  DWORD send(Channel& channel, std::span<const std::byte> bytes) final;
  void cancel(Channel& channel) noexcept final;
  std::span<const Completion> wait(DWORD timeout_ms) final;
  void wake() noexcept final;

 protected:
  // What is posted on a channel. A channel keeps its slot while it is open.
  struct Slot {
    Channel* channel = nullptr;  // none: the slot is free
    std::span<std::byte> into;
    std::span<const std::byte> left;  // of the send
    DWORD taken = 0;                  // of the send
    bool receiving = false;           // posted, not finished
    bool sending = false;
    bool readable = false;  // said while no receive was posted, and not said again before a recv
    bool at_end = false;    // said once: what is left to be read is said no more
  };

  const std::vector<Slot>& slots() const noexcept { return slots_; }

  // Begins and ends the telling of a channel, which has its slot.
  virtual DWORD watch(Channel& channel) = 0;
  virtual void unwatch(Channel& channel) noexcept = 0;

  // Waits and passes on, by the four functions below, all that it was told.
  virtual void look(DWORD timeout_ms) = 0;

  // Any thread: ends `look`, or the next one. Not called again until `woken` has been.
  virtual void interrupt() noexcept = 0;

  void woken() noexcept;
  void readable(std::size_t slot);
  void writable(std::size_t slot);
  // The peer has ended or reset the connection; there may be bytes left to be read.
  void ended(std::size_t slot);

 private:
  void try_receive(Slot& slot);
  void try_send(Slot& slot);
  // Sends until all is taken, or the socket takes no more and will say when: the error, or 0.
  DWORD push(Slot& slot) noexcept;
  void finish(Operation& operation, DWORD bytes, DWORD error);

  std::vector<Slot> slots_;
  std::vector<std::size_t> free_;      // slots
  std::vector<std::size_t> readable_;  // slots that were readable before their receive was posted
  std::vector<Completion> done_;       // for the next wait
  std::vector<Completion> batch_;
  std::atomic<bool> interrupting_{false};
};

}  // namespace oversoak::notify
