#include "os/code_file.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace oversoak::os {
namespace {

[[noreturn]] void fail(const std::string& what, int code) {
  throw std::runtime_error(what + ": " + std::strerror(code));
}

// Closes it in any case.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return fd_; }

 private:
  const int fd_;
};

std::vector<std::byte> read_all(int fd, const std::string& path) {
  struct stat status = {};
  if (::fstat(fd, &status) != 0) fail(path, errno);
  if (!S_ISREG(status.st_mode)) throw std::runtime_error(path + ": is no regular file");
  std::vector<std::byte> bytes;
  std::vector<std::byte> chunk(std::size_t{1} << 16);
  for (;;) {
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, errno);
    if (got == 0) return bytes;
    bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + got);
    if (bytes.size() > CodeFile::kMaxBytes) {
      throw std::runtime_error(path + ": is larger than " + std::to_string(CodeFile::kMaxBytes) +
                               " bytes");
    }
  }
}

void write_all(int fd, const std::vector<std::byte>& bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t put = ::write(fd, bytes.data() + written, bytes.size() - written);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("a copy in memory cannot be written", errno);
    written += static_cast<std::size_t>(put);
  }
}

}  // namespace

// A copy in memory, sealed: the file itself may change meanwhile.
struct CodeFile::Held {
  Descriptor copy{::memfd_create("oversoak-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
};

CodeFile::CodeFile(const std::string& path) : path_(path), held_(std::make_unique<Held>()) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) fail(path, errno);
  bytes_ = read_all(file.get(), path);
  const int copy = held_->copy.get();
  if (copy < 0) fail("a copy in memory cannot be made", errno);
  write_all(copy, bytes_);
  constexpr int kSeals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  if (::fcntl(copy, F_ADD_SEALS, kSeals) != 0) fail("a copy in memory cannot be sealed", errno);
}

CodeFile::~CodeFile() = default;

// The system knows a library by its name, so that of a loaded one must not come again: its copy
// stays open.
void* CodeFile::load(const char* function) {
  static std::vector<std::unique_ptr<Held>> loaded;
  const std::string name = "/proc/self/fd/" + std::to_string(held_->copy.get());
  void* const library = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(path_ + ": " + ::dlerror());
  loaded.push_back(std::move(held_));
  return ::dlsym(library, function);
}

}  // namespace oversoak::os
