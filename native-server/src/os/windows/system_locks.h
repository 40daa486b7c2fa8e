#pragma once

#include <windows.h>

// The locks that the player container can have, named as Windows programmers know them. The C++
// library's own would be another lock under each compiler. A lock without readers' sharing gives
// readers the whole lock. Shared sources include this by its bare name.
namespace oversoak::os {

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

}  // namespace oversoak::os
