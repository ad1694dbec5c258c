# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "langchain-core",
#   "numpy",
# ]
# ///
import asyncio
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessage, HumanMessage, messages_from_dict, messages_to_dict
from langchain_core.output_parsers import JsonOutputParser, StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate
from langchain_core.runnables import RunnableLambda, RunnableParallel, RunnablePassthrough
from langchain_core.tools import tool

chain = ChatPromptTemplate.from_messages([("system", "s {a}"), ("human", "{q}")]) | FakeListChatModel(responses=["hello", "again"]) | StrOutputParser()
assert chain.invoke({"a": "1", "q": "2"}) == "hello"
assert asyncio.run(chain.ainvoke({"a": "1", "q": "2"})) == "again"
assert "".join(chain.stream({"a": "1", "q": "2"})) == "hello"
assert RunnableParallel(x=RunnablePassthrough(), y=RunnableLambda(lambda v: v + 1)).invoke(1) == {"x": 1, "y": 2}
@tool
def add(a: int, b: int) -> int:
    """Adds."""
    return a + b
assert add.invoke({"a": 1, "b": "2"}) == 3 and add.args["a"]["type"] == "integer" and add.description == "Adds."
assert JsonOutputParser().parse('```json\n{"a": 1}\n```') == {"a": 1}
assert messages_from_dict(messages_to_dict([HumanMessage("x"), AIMessage("y")]))[1].content == "y"
from langchain_core.load import dumps, loads
again = loads(dumps(PromptTemplate.from_template("hi {x}")))
assert again.format(x=1) == "hi 1"
from langchain_core.documents import Document
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_core.embeddings import DeterministicFakeEmbedding
store = InMemoryVectorStore(DeterministicFakeEmbedding(size=4))
store.add_documents([Document("a", id="1")])
assert store.get_by_ids(["1"])[0].page_content == "a"
assert store.similarity_search("a", k=1)[0].id == "1"
