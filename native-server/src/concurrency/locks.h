#pragma once

#ifdef _WIN32
#include "winsock/winsock.h"  // the one place for the order of Windows' headers
#else
#include <mutex>
#include <shared_mutex>
#endif

// The locks that the player container can have, named as Windows programmers know them. The C++
// library's own would be another lock under each compiler. On Linux, where only the unit tests run,
// they are the standard ones. A lock without readers' sharing gives readers the whole lock.
namespace oversoak::concurrency {

#ifdef _WIN32

// CRITICAL_SECTION.
class Mutex {
 public:
  Mutex() noexcept { InitializeCriticalSection(&section_); }
  ~Mutex() { DeleteCriticalSection(&section_); }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() noexcept { EnterCriticalSection(&section_); }
  bool try_lock() noexcept { return TryEnterCriticalSection(&section_) != FALSE; }
  void unlock() noexcept { LeaveCriticalSection(&section_); }
  void lock_shared() noexcept { lock(); }
  bool try_lock_shared() noexcept { return try_lock(); }
  void unlock_shared() noexcept { unlock(); }

 private:
  CRITICAL_SECTION section_;
};

class SrwLock {
 public:
  SrwLock() = default;
  SrwLock(const SrwLock&) = delete;
  SrwLock& operator=(const SrwLock&) = delete;

  void lock() noexcept { AcquireSRWLockExclusive(&lock_); }
  bool try_lock() noexcept { return TryAcquireSRWLockExclusive(&lock_) != FALSE; }
  void unlock() noexcept { ReleaseSRWLockExclusive(&lock_); }
  void lock_shared() noexcept { AcquireSRWLockShared(&lock_); }
  bool try_lock_shared() noexcept { return TryAcquireSRWLockShared(&lock_) != FALSE; }
  void unlock_shared() noexcept { ReleaseSRWLockShared(&lock_); }

 private:
  SRWLOCK lock_ = SRWLOCK_INIT;
};

#else

class Mutex : public std::mutex {
 public:
  void lock_shared() { lock(); }
  bool try_lock_shared() { return try_lock(); }
  void unlock_shared() { unlock(); }
};

using SrwLock = std::shared_mutex;

#endif

}  // namespace oversoak::concurrency
