// The operations, one function each; operations.cpp names them. Shapes of arguments and answers
// stand beside each definition.
#pragma once
#include <boost/json.hpp>

#include "admin/operations.hpp"

namespace claviger::admin {

using Answer = Task<Result<boost::json::object>>;

Answer client_add(const Deps& deps, boost::json::object arguments);
Answer client_edit(const Deps& deps, boost::json::object arguments);
Answer client_list(const Deps& deps, boost::json::object arguments);
Answer client_show(const Deps& deps, boost::json::object arguments);
Answer client_rm(const Deps& deps, boost::json::object arguments);
Answer client_rotate_secret(const Deps& deps, boost::json::object arguments);

Answer user_add(const Deps& deps, boost::json::object arguments);
Answer user_set_claims(const Deps& deps, boost::json::object arguments);
Answer user_list(const Deps& deps, boost::json::object arguments);
Answer user_passwd(const Deps& deps, boost::json::object arguments);
Answer user_disable(const Deps& deps, boost::json::object arguments);
Answer user_enable(const Deps& deps, boost::json::object arguments);

Answer registration_token_add(const Deps& deps, boost::json::object arguments);
Answer registration_token_list(const Deps& deps, boost::json::object arguments);
Answer registration_token_rm(const Deps& deps, boost::json::object arguments);

Answer key_list(const Deps& deps, boost::json::object arguments);
Answer key_rotate(const Deps& deps, boost::json::object arguments);
Answer key_revoke(const Deps& deps, boost::json::object arguments);

Answer node_list(const Deps& deps, boost::json::object arguments);

Answer token_inspect(const Deps& deps, boost::json::object arguments);
Answer token_verify(const Deps& deps, boost::json::object arguments);
Answer token_revoke(const Deps& deps, boost::json::object arguments);

Answer store_new_epoch(const Deps& deps, boost::json::object arguments);
Answer backup_begin(const Deps& deps, boost::json::object arguments);
Answer backup_look(const Deps& deps, boost::json::object arguments);

Answer explain(const Deps& deps, boost::json::object arguments);

}  // namespace claviger::admin
