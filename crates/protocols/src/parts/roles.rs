//! Roles as types of their own: a coordinator and a participant share a protocol, not a struct.
//!
//! Each role is a [`Role`]; `roles!` makes the process that is one of them, as its number and the
//! settings say.

use std::hash::Hash;

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::world::World;
use serde::Serialize;

/// One role's part of a protocol: handlers as in [`Process`].
pub trait Role: Clone + Hash + Serialize + 'static {
    /// The process that takes this role.
    type Of: Process;

    fn on_start(&mut self, _cx: &mut Context<Self::Of>, _start: Start) {}

    fn on_message(
        &mut self,
        cx: &mut Context<Self::Of>,
        from: NodeId,
        message: <Self::Of as Process>::Message,
    );

    fn on_timer(&mut self, _cx: &mut Context<Self::Of>, _timer: <Self::Of as Process>::Timer) {}

    fn on_request(
        &mut self,
        _cx: &mut Context<Self::Of>,
        _request: <Self::Of as Process>::Request,
    ) {
    }

    /// What survives a crash.
    #[must_use]
    fn recover(&self, cx: &mut Context<Self::Of>) -> Self;

    fn draw(&self, settings: &Settings, to: &mut NodeFrame);

    /// The state without its times, as in [`Process::timeless`].
    #[must_use]
    fn timeless(&self, _settings: &Settings) -> Option<Self> {
        None
    }
}

/// A process that may be in this role.
pub trait Is<R> {
    /// The role, if it is the one that the process has.
    fn role(&self) -> Option<&R>;
}

/// A node in a role of a process `P`; none if it has another one.
pub fn role<P: Process + Is<R>, R>(world: &World, id: NodeId) -> Option<&R> {
    world.node::<P>(id).and_then(|node| node.role())
}

/// All nodes in a role, with their numbers.
pub fn all<P: Process + Is<R>, R: 'static>(world: &World) -> impl Iterator<Item = (NodeId, &R)> {
    world
        .ids()
        .filter_map(|id| Some((id, role::<P, R>(world, id)?)))
}

/// Makes the process whose nodes are in one of several roles. `by` names the function that gives a new
/// node its role, from its number and the settings; `end` names the one that says how an operation ended
/// that got a reply; `judged` names the three that tell the judge what clients share, ask and are told; `shape` names the one that draws a message
/// otherwise than its kind; `forge` the one by which a lying node changes what it says.
#[macro_export]
macro_rules! roles {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident by $new:path {
            $($role:ident),* $(,)?
        }
        type Message = $message:ty;
        type Timer = $timer:ty;
        type Request = $request:ty;
        type Reply = $reply:ty;
        end $end:path;
        $(judged $objects:path, $asked:path, $told:path;)?
        $(shape $shape:path;)?
        $(word $word:path;)?
        $(forge $forge:path;)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Hash, ::serde::Serialize)]
        #[serde(tag = "role", rename_all = "snake_case")]
        $vis enum $name {
            $($role($role)),*
        }

        $(impl $crate::parts::roles::Is<$role> for $name {
            fn role(&self) -> Option<&$role> {
                match self {
                    Self::$role(role) => Some(role),
                    #[allow(unreachable_patterns)]
                    _ => None,
                }
            }
        })*

        impl ::faultline_sim::process::Process for $name {
            type Message = $message;
            type Timer = $timer;
            type Request = $request;
            type Reply = $reply;

            fn new(me: NodeId, settings: &Settings) -> Self {
                $new(me, settings)
            }
            fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
                match self {
                    $(Self::$role(role) => $crate::parts::roles::Role::on_start(role, cx, start)),*
                }
            }
            fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: $message) {
                match self {
                    $(Self::$role(role) => $crate::parts::roles::Role::on_message(role, cx, from, message)),*
                }
            }
            fn on_timer(&mut self, cx: &mut Context<Self>, timer: $timer) {
                match self {
                    $(Self::$role(role) => $crate::parts::roles::Role::on_timer(role, cx, timer)),*
                }
            }
            fn on_request(&mut self, cx: &mut Context<Self>, request: $request) {
                match self {
                    $(Self::$role(role) => $crate::parts::roles::Role::on_request(role, cx, request)),*
                }
            }
            fn recover(&self, cx: &mut Context<Self>) -> Self {
                match self {
                    $(Self::$role(role) => Self::$role($crate::parts::roles::Role::recover(role, cx))),*
                }
            }
            fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
                match self {
                    $(Self::$role(role) => $crate::parts::roles::Role::draw(role, settings, to)),*
                }
            }
            fn timeless(&self, settings: &Settings) -> Option<Self> {
                match self {
                    $(Self::$role(role) => {
                        $crate::parts::roles::Role::timeless(role, settings).map(Self::$role)
                    })*
                }
            }
            fn end(reply: &$reply) -> ::faultline_sim::history::End {
                $end(reply)
            }
            $(fn objects(settings: &Settings) -> Option<::faultline_sim::judge::Model> {
                $objects(settings)
            }
            fn asked(
                request: &$request,
                node: NodeId,
                world: &::faultline_sim::world::World,
            ) -> Option<::faultline_sim::judge::Asked> {
                $asked(request, node, world)
            }
            fn told(reply: &$reply) -> Option<::faultline_sim::judge::Answer> {
                $told(reply)
            })?
            $(fn glyph_override(message: &$message) -> Option<(Shape, &'static str)> {
                $shape(message)
            })?
            $(fn word(message: &$message) -> Option<::faultline_sim::frame::Word> {
                $word(message)
            })?
            $(fn forge(
                &self,
                message: &$message,
                to: NodeId,
                rng: &mut ::faultline_sim::rng::Rng,
            ) -> Option<$message> {
                $forge(self, message, to, rng)
            })?
        }
    };
}
