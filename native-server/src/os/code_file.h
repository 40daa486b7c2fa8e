#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace oversoak::os {

// A library as a file whose bytes nobody can change between looking at them and loading them.
class CodeFile {
 public:
  // Throws std::runtime_error with the system's reason if it cannot be read, or is larger than
  // kMaxBytes. `path`: absolute, UTF-8.
  explicit CodeFile(const std::string& path);
  ~CodeFile();
  CodeFile(const CodeFile&) = delete;
  CodeFile& operator=(const CodeFile&) = delete;

  static constexpr std::size_t kMaxBytes = std::size_t{64} * 1024 * 1024;

  // All of its bytes.
  const std::vector<std::byte>& bytes() const noexcept { return bytes_; }

  // Loads these bytes into the process, where they stay, and returns the address of the function;
  // null: it exports none of this name. Throws std::runtime_error if the system cannot load them.
  // Once, on the JavaScript thread.
  void* load(const char* function);

 private:
  struct Held;
  const std::string path_;
  std::unique_ptr<Held> held_;
  std::vector<std::byte> bytes_;
};

}  // namespace oversoak::os
