#pragma once

#include <mutex>
#include <shared_mutex>

// The locks that the player container can have: the standard ones, which are those of the system's
// threads. A lock without readers' sharing gives readers the whole lock. Shared sources include
// this by its bare name.
namespace oversoak::os {

class Mutex : public std::mutex {
 public:
  void lock_shared() { lock(); }
  bool try_lock_shared() { return try_lock(); }
  void unlock_shared() { unlock(); }
};

using SrwLock = std::shared_mutex;

}  // namespace oversoak::os
