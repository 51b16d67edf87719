//! The articles as they come.

use leptos::prelude::*;

use super::{desk::Desk, news::read};
use crate::{
    store::clock,
    uses::store::news::{Article, News},
    view::{
        labels::counted,
        list::{Item, list},
        live::{live, when},
        part::{Part, part},
    },
};

/// The newest first.
pub(super) fn ticker(desk: Desk) -> Part {
    let articles = move || {
        let line = |article: &Article| {
            let article = article.clone();
            Item::new(article.number.to_string(), move |_| draw(desk, &article))
        };
        read(desk, |news| news.articles().iter().map(line).collect()).unwrap_or_default()
    };
    let count = move || counted(read(desk, News::count).unwrap_or_default(), "article", "articles");
    let is_empty = move || read(desk, |news| news.articles().is_empty()).unwrap_or_default();
    let empty = || {
        part(view! {
            <p class="use-empty">
                "Nothing has come yet. Publish an article, start the wire service, or from a terminal: "
                <code>"mosquitto_pub -t news/sport/football -m 'Goal!'"</code>
            </p>
        })
    };
    part(view! {
        <section class="panel" aria-labelledby="ticker-title">
            <h3 class="panel-title" id="ticker-title">
                "Ticker " <span class="panel-count">{live(count)}</span>
            </h3>
            <div class="ticker" tabindex="0" role="region" aria-label="Articles, newest first">
                {list("ul", "list", articles)} {when(is_empty, empty)}
            </div>
        </section>
    })
}

fn draw(desk: Desk, article: &Article) -> Part {
    let number = article.number;
    let copies = move || {
        let find =
            |news: &News| news.articles().iter().find(|one| one.number == number).map(|one| one.copies);
        read(desk, find).flatten().unwrap_or(1)
    };
    let again = move || {
        part(view! {
            <span class="article-copies">
                {live(move || format!("came {} times, a copy for each filter that matches; shown once", copies()))}
            </span>
        })
    };
    let matched: Vec<_> = article
        .matched
        .iter()
        .map(|filter| view! { <code class="tag">{filter.to_string()}</code> })
        .collect();
    let at = article.at;
    part(view! {
        <li class="article">
            <p class="article-headline" dir="auto">{article.headline.to_string()}</p>
            <p class="article-facts">
                <code class="article-topic">{article.topic.to_string()}</code>
                <time datetime=at.iso()>{live(move || clock::relative(desk.now(), at))}</time>
                <span class="article-matched">
                    <span class="unseen">"matched by "</span>
                    {matched}
                </span>
                {when(move || copies() > 1, again)}
            </p>
        </li>
    })
}
