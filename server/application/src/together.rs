//! Questions that go together: while one is being answered, those that come meanwhile wait, and are then asked as one.
//!
//! At seven in the morning a whole town asks the same few things of the database, each about another person. Asked
//! one by one they cost more than placing the orders; asked together they cost next to nothing, and nobody waits
//! longer than for the answer under way and their own. Nothing is remembered: an answer is never older than its
//! question.

use futures::future::BoxFuture;
use linli_store::StoreError;
use tokio::sync::{mpsc, oneshot};

use crate::Result;

/// Questions asked as one at most.
const MOST: usize = 256;
/// Questions that may wait; the next one is told that the database is busy.
const WAITING: usize = 4_096;

type Answered<A> = linli_store::Result<A>;

/// The way to ask. Cheap to clone; its task ends with the last clone.
#[derive(Debug)]
pub(crate) struct Together<Q, A>(mpsc::Sender<(Q, oneshot::Sender<Answered<A>>)>);

impl<Q, A> Clone for Together<Q, A> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<Q: Send + 'static, A: Send + 'static> Together<Q, A> {
    /// `answer` answers many questions, in their order. Must be called within a Tokio runtime.
    pub(crate) fn new(answer: impl Fn(Vec<Q>) -> BoxFuture<'static, Answered<Vec<A>>> + Send + 'static) -> Self {
        let (sender, mut queue) = mpsc::channel::<(Q, oneshot::Sender<Answered<A>>)>(WAITING);
        tokio::spawn(async move {
            let mut waiting = Vec::with_capacity(MOST);
            while queue.recv_many(&mut waiting, MOST).await > 0 {
                let (questions, replies): (Vec<_>, Vec<_>) = waiting.drain(..).unzip();
                // Whoever has gone away needs no answer.
                match answer(questions).await {
                    Ok(answers) => {
                        replies.into_iter().zip(answers).for_each(|(reply, answer)| drop(reply.send(Ok(answer))))
                    }
                    Err(error) => replies.into_iter().for_each(|reply| drop(reply.send(Err(error.clone())))),
                }
            }
        });
        Self(sender)
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// [`StoreError::Busy`] at once when too many wait; the database's.
    pub(crate) async fn ask(&self, question: Q) -> Result<A> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send((question, reply)).map_err(|_| StoreError::Busy("too many questions wait".into()))?;
        Ok(answer.await.map_err(|_| StoreError::Busy("nobody answers".into()))??)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn what_comes_meanwhile_is_asked_as_one() {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = asked.clone();
        let doubled = Together::new(move |questions: Vec<u32>| {
            seen.lock().unwrap().push(questions.len());
            async move {
                tokio::task::yield_now().await;
                Ok(questions.into_iter().map(|n| n * 2).collect())
            }
            .boxed()
        });
        let answers = futures::future::join_all((0..50).map(|n| doubled.ask(n))).await;
        let answers: Vec<u32> = answers.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers, (0..50).map(|n| n * 2).collect::<Vec<_>>());
        assert!(asked.lock().unwrap().len() < 10, "{asked:?}");
    }

    #[tokio::test]
    async fn a_failure_is_everybodys_and_the_next_are_answered() {
        let fails = Together::new(|questions: Vec<bool>| {
            let outcome = if questions.contains(&true) { Err(StoreError::Gone("away".into())) } else { Ok(questions) };
            async move { outcome }.boxed()
        });
        let (one, other) = futures::join!(fails.ask(true), fails.ask(false));
        assert!(one.is_err() && other.is_err());
        assert!(!fails.ask(false).await.unwrap());
    }
}
