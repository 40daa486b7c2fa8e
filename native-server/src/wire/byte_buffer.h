#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace oversoak::wire {

// Leaves new elements uninitialised: the caller writes them next.
struct Uninitialized : std::allocator<std::byte> {
  template <typename Other>
  struct rebind {
    using other = Uninitialized;
  };

  template <typename Value>
  void construct(Value* at) noexcept {
    ::new (static_cast<void*>(at)) Value;
  }
  template <typename Value, typename... Arguments>
  void construct(Value* at, Arguments&&... arguments) {
    ::new (static_cast<void*>(at)) Value(std::forward<Arguments>(arguments)...);
  }
};

// A buffer whose resize() writes nothing, so that pages of it that no message has reached take no
// memory.
using ByteBuffer = std::vector<std::byte, Uninitialized>;

}  // namespace oversoak::wire
