#include "addon/record.h"

namespace oversoak::addon {

Napi::Array threads_record(Napi::Env env, const std::vector<os::NamedCpu>& threads) {
  Napi::Array array = Napi::Array::New(env, threads.size());
  for (std::uint32_t i = 0; i < threads.size(); ++i) {
    array.Set(i, Record(env)
                     .set("name", threads[i].name)
                     .set("userSeconds", threads[i].cpu.user)
                     .set("kernelSeconds", threads[i].cpu.kernel)
                     .count("cycles", threads[i].cpu.cycles)
                     .object());
  }
  return array;
}

Record process_record(Napi::Env env) {
  const os::ProcessFigures figures = os::read_process_figures();
  return Record(env)
      .set("userSeconds", figures.cpu.user)
      .set("kernelSeconds", figures.cpu.kernel)
      .count("workingSetBytes", figures.working_set_bytes)
      .count("privateBytes", figures.private_bytes)
      .count("handles", figures.handles)
      .count("threads", figures.threads);
}

std::string hex_of(const wire::Excerpt& excerpt) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < excerpt.size; ++i) {
    const auto byte = std::to_integer<unsigned>(excerpt.bytes[i]);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xF];
  }
  return text;
}

}  // namespace oversoak::addon
