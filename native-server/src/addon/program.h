#pragma once

#include <memory>

#include "addon/fields.h"
#include "fleet/framed/program.h"

namespace oversoak::addon {

// A program that contracts' compileProtocol has made.
std::shared_ptr<const fleet::framed::Program> read_program(const Fields& fields);

}  // namespace oversoak::addon
